import type { Declare } from '../command.js';

export const declareDoctor: Declare = (program, run) => {
  program
    .command('doctor')
    .description(
      'Check settings, database, schema, Kafka, topic, relay, clock and secret; say how to fix them',
    )
    .option('-q, --quiet', 'only what is not well')
    .json(
      '{ "ok": true, "checks": [{ "check": "database", "status": "ok" | "warn" | "fail", "message": "…", "advice": "…" | null }] }',
    )
    .notes(
      `
Changes nothing. Exit code 0 when nothing fails (warnings are no failure), 4 when the database, Kafka
or whatever publishes in its place cannot be reached, else 1. No secret is ever shown.`,
    )
    .examples(
      ['fluentmeet doctor --quiet', 'Something is wrong: what?'],
      [
        `fluentmeet doctor --json | jq -r '.checks[] | select(.status != "ok") | .check'`,
        'What is not well, for a script',
      ],
    )
    .action(run(async () => (await import('./doctor.js')).doctor));
};
