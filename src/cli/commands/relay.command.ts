import { addExamples, addWaitFlag, type Declare } from '../command.js';

export const declareRelay: Declare = (program, run) => {
  const relay = program
    .command('relay')
    .description('Publish waiting emails to Kafka until stopped, as a process of its own')
    .addHelpText(
      'after',
      `
Any number of them may run, beside "fluentmeet serve" or without it. With FLUENTMEET_ADMIN_PORT it serves /healthz,
/readyz and /metrics there. SIGTERM, SIGHUP and Ctrl-C let it finish what is in flight (10 s at most), exit code 0.`,
    )
    .action(run(async () => (await import('./relay.js')).relay));
  addWaitFlag(relay);
  addExamples(
    relay,
    ['fluentmeet relay', 'With its settings in .env'],
    ['FLUENTMEET_ADMIN_PORT=9464 LOG_LEVEL=debug fluentmeet relay', 'With health and metrics'],
  );
};
