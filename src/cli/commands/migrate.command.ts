import type { Declare } from '../command.js';

export const declareMigrate: Declare = (program, run) => {
  const migrate = program.command('migrate').description('Create, show or remove our tables');

  migrate
    .command('up')
    .description('Apply the pending migrations; safe when many processes start at once')
    .json('{ "applied": ["0001-users"] }')
    .wait()
    .examples(
      ['fluentmeet migrate up', 'Before a new version starts'],
      ['FLUENTMEET_DATABASE_SCHEMA=fluentmeet fluentmeet migrate up', 'In a schema of our own'],
      [
        'FLUENTMEET_DATABASE_SCHEMA=public fluentmeet migrate up',
        'A second set of tables, where another schema has ours: refused unless it is named',
      ],
    )
    .action(run(async () => (await import('./migrate.js')).migrateUp));

  migrate
    .command('down')
    .description('Revert the last migration, and destroy what its tables hold')
    .option('--all', 'revert every migration')
    .option('-y, --yes', 'do not ask')
    .json('{ "reverted": ["0004-invites"] }')
    .examples(
      ['fluentmeet migrate down', 'Take back the last one; asks first'],
      ['fluentmeet migrate down --all --yes', 'Remove everything of ours, in a script'],
    )
    .action(run(async () => (await import('./migrate.js')).migrateDown));

  migrate
    .command('status')
    .description('Show which migrations are applied, pending, or newer than this code')
    .json(
      '{ "migrations": [{ "name": "0001-users", "status": "applied" | "pending" | "unknown", "applied_at": "2026-03-14T12:00:00.000Z" | null }] }',
    )
    .examples(
      ['fluentmeet migrate status', 'See what "up" would do'],
      [
        `fluentmeet migrate status --json | jq -r '.migrations[] | select(.status == "pending").name'`,
        'In a script',
      ],
    )
    .action(run(async () => (await import('./migrate.js')).migrateStatus));
};
