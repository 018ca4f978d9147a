import type { Declare } from '../command.js';
import { duration } from '../flag-values.js';

export const declareRelay: Declare = (program, run) => {
  const relay = program
    .command('relay')
    .description(
      'Publish waiting emails to Kafka, or by mail where SMTP_URL is set alone, until stopped, as a process of its own',
    )
    .notes(
      `
Any number of them may run, beside "fluentmeet serve" or without it. With FLUENTMEET_ADMIN_PORT it serves /healthz,
/readyz and /metrics there. SIGTERM, SIGHUP and Ctrl-C let it finish what is in flight (10 s at most), exit code 0.`,
    )
    .wait()
    .examples(
      ['fluentmeet relay', 'With its settings in .env'],
      ['FLUENTMEET_ADMIN_PORT=9464 LOG_LEVEL=debug fluentmeet relay', 'With health and metrics'],
    )
    .action(run(async () => (await import('./relay.js')).relay));

  relay
    .command('pause')
    .description('Hold up every relay, in all processes; signups go on, and their emails wait')
    .option(
      '--reason <text>',
      'for whoever wonders: doctor, explain and "fluentmeet register" show it; needed where nobody can be asked',
    )
    .option('--for <time>', 'how long: 30m, 2h; default until "relay resume"', duration)
    .json('{ "paused": true, "reason": "…", "since": "…", "until": "…" | null }')
    .examples(
      ['fluentmeet relay pause --reason "mail provider is moving" --for 2h', 'Goes on by itself'],
      ['fluentmeet relay pause --reason "wrong link in the mails"', 'Until "fluentmeet relay resume"'],
    )
    .action(run(async () => (await import('./relay-pause.js')).relayPause));

  relay
    .command('resume')
    .description('End a pause')
    .json('{ "paused": false, "was_paused": true }')
    .examples(
      ['fluentmeet relay resume', 'What waits goes out within seconds'],
      ['fluentmeet relay resume --json --as "on call"', 'In a script, with a name in the log'],
    )
    .action(run(async () => (await import('./relay-pause.js')).relayResume));
};
