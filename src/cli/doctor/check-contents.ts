import type { Internals } from '../../fluentmeet.js';
import { inspectSecret } from '../../verification/inspect-secret.js';
import { fail, type Finding, ok, warn } from './finding.js';

/** An email that is due for longer is late: a relay looks every two seconds at least. */
const lateAfterSeconds = 30;

/** What stands in a database that answers: the schema, our rights on it, the emails that wait, the secret's traces. */
export async function checkContents(internals: Internals, knowsSecret: boolean): Promise<Finding[]> {
  const schema = await checkSchema(internals);
  if (schema.status === 'fail') return [schema];
  const rights = await checkRights(internals);
  if (rights.status === 'fail') return [schema, rights];
  return [
    schema,
    rights,
    ...(await checkEmails(internals)),
    ...(knowsSecret ? [await checkSecret(internals)] : []),
  ];
}

async function checkSchema({ migrator, database }: Internals): Promise<Finding> {
  const migrations = await migrator.status();
  const newer = migrations.filter(({ unknown }) => unknown).map(({ name }) => name);
  if (newer.length > 0) {
    return fail(
      'schema',
      `the database is newer than this code: it has ${newer.join(', ')}`,
      'Run the newer version of @fluentmeet/signup.',
    );
  }
  const pending = migrations.filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name);
  if (pending.length === 0)
    return ok('schema', `${migrations.length} migrations applied in "${database.schema}"`);
  const foreign = pending.length === migrations.length ? await foreignTables(database) : [];
  if (foreign.length > 0) {
    return fail(
      'schema',
      `"${database.schema}" has tables of somebody else by our names: ${foreign.join(', ')}`,
      'Name a schema of our own: FLUENTMEET_DATABASE_SCHEMA=fluentmeet',
    );
  }
  return fail('schema', `pending: ${pending.join(', ')}`, 'Apply them: fluentmeet migrate up');
}

const tables = ['users', 'verification_tokens', 'email_outbox', 'invites', 'mailbox_counts'] as const;

async function foreignTables(database: Internals['database']): Promise<string[]> {
  const rows = await database.query<{ relname: string }>(
    `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($2) order by c.relname`,
    [database.schema, tables],
  );
  return rows.map(({ relname }) => relname);
}

async function checkRights({ database }: Internals): Promise<Finding> {
  const rows = await database.query<{ table: string; missing: string }>(
    `select t as table, r as missing
     from unnest($1::text[]) t, unnest(array['select', 'insert', 'update', 'delete']) r
     where not has_table_privilege($2 || '.' || t, r)`,
    [tables, `"${database.schema}"`],
  );
  if (rows.length === 0) return ok('rights', 'this user may read and write our tables');
  const missing = rows.map((row) => `${row.missing} on ${row.table}`).join(', ');
  return fail(
    'rights',
    `this user lacks ${missing}`,
    'Grant them, or use the user that applied the migrations.',
  );
}

async function checkEmails({ database }: Internals): Promise<Finding[]> {
  const table = database.table('email_outbox');
  const [row] = await database.query<{ late: string; oldest: number | null; pending: string; dead: string }>(
    `select count(*) filter (where ${late(database.now())}) as late,
       extract(epoch from ${database.now()} - min(next_attempt_at) filter (where ${late(database.now())}))::double precision as oldest,
       count(*) as pending, (select count(*) from ${table} where status = 'dead') as dead
     from ${table} where status = 'pending'`,
  );
  const dead = Number(row?.dead);
  const lateCount = Number(row?.late);
  return [
    lateCount > 0
      ? fail(
          'relay',
          `${lateCount} emails wait for a relay, the oldest for ${age(row?.oldest ?? 0)}: none is running, or it cannot publish`,
          'Start one (fluentmeet serve, fluentmeet relay), and read its log.',
        )
      : ok('relay', `no email is late; ${Number(row?.pending)} pending`),
    dead > 0
      ? warn('dead emails', `${dead} could not be published`, 'See why: fluentmeet emails list --status dead')
      : ok('dead emails', 'none'),
  ];
}

/** Due, and nobody is at it; a lease that ran out counts as nobody. */
function late(now: string): string {
  return `next_attempt_at < ${now} - interval '${lateAfterSeconds} seconds'`;
}

function age(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

async function checkSecret(internals: Internals): Promise<Finding> {
  switch (await inspectSecret(internals)) {
    case 'same':
      return ok('secret', 'the newest link was made with it');
    case 'unknown':
      return ok('secret', 'no unused link to compare it with');
    case 'changed':
      return warn(
        'secret',
        'the newest link was made with another FLUENTMEET_SECRET',
        'Give every process the same one. Earlier links go on working; emails that wait get fresh links.',
      );
  }
}
