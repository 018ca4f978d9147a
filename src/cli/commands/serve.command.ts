import type { Declare } from '../command.js';
import { port } from '../flag-values.js';

export const declareServe: Declare = (program, run) => {
  program
    .command('serve')
    .description('Run the production server: the routes, and the relay that publishes the emails')
    .option('--no-relay', 'leave publishing to a relay elsewhere (then KAFKA_BROKERS is not needed)')
    .option('--port <number>', 'in the place of PORT; 0 takes any free one', port)
    .option('--host <address>', 'in the place of HOST')
    .notes(
      `
Needs DATABASE_URL, KAFKA_BROKERS, FLUENTMEET_PUBLIC_URL and FLUENTMEET_SECRET, and all migrations applied;
Kafka may be down. With SMTP_URL and MAIL_FROM in the place of KAFKA_BROKERS it sends the mails itself. Serves
/api/v1/auth/{signup,verify-email,resend-verification}, /healthz, /readyz, /openapi and /openapi.json; with FLUENTMEET_ADMIN_PORT
also /metrics there. Logs JSON lines to stderr. SIGTERM, SIGHUP and Ctrl-C
stop it: readiness says no at once, the listener closes after FLUENTMEET_STOP_DELAY, and all ends within 10 s more,
exit code 0. A second SIGTERM or Ctrl-C ends it at once.`,
    )
    .wait()
    .examples(
      ['fluentmeet migrate up && fluentmeet serve', 'With its settings in .env'],
      [
        'HOST=0.0.0.0 FLUENTMEET_ADMIN_PORT=9464 FLUENTMEET_TRUST_PROXY=1 fluentmeet serve',
        'Behind one proxy, with metrics',
      ],
    )
    .action(run(async () => (await import('./serve.js')).serve));
};
