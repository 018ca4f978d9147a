import type { Declare } from '../command.js';

export const declareMailer: Declare = (program, run) => {
  program
    .command('mailer')
    .description('Send the emails of the topic as mails over SMTP until stopped')
    .option('--test <address>', 'send one mail of each template to this address, and end')
    .option('--language <tag>', 'of the test mails (BCP 47); default en')
    .reveal()
    .json(
      '{ "to": "m***@example.com", "sent": [{ "template": "verification", "event_id": "…" }] }   (with --test)',
    )
    .notes(
      `
Needs KAFKA_BROKERS, SMTP_URL and MAIL_FROM (with --test only the last two), and no database. --language,
--reveal and --json go with --test alone. Any number of them share the work. The topics <topic>, <topic>.retry and <topic>.dead must exist. With REDIS_URL all of them
know which emails were sent; without, each remembers its own while it runs. With FLUENTMEET_ADMIN_PORT it serves
/healthz, /readyz and /metrics there. SIGTERM and Ctrl-C let it finish what is in flight (10 s at most), exit code 0.`,
    )
    .examples(
      ['fluentmeet mailer', 'With its settings in .env'],
      ['fluentmeet mailer --test me@example.com --language fr', 'How do the mails look, and do they arrive?'],
      ['FLUENTMEET_ADMIN_PORT=9465 REDIS_URL=redis://redis:6379 fluentmeet mailer', 'Several, with metrics'],
    )
    .action(run(async () => (await import('./mailer.js')).mailer));
};
