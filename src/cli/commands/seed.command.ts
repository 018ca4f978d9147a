import type { Declare } from '../command.js';
import { list, share, wholeNumber } from '../flag-values.js';

export const declareSeed: Declare = (program, run) => {
  program
    .command('seed')
    .description('Insert test users: realistic names, reserved domains, no email is sent')
    .option('--count <number>', 'how many', wholeNumber(1, 1_000_000), 10)
    .option('--seed <number>', 'the same number makes the same users', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--verified <share>', 'how many of them are verified: 0.8 or 80%', share, 0.8)
    .option('--languages <tags>', 'languages they speak and listen in (BCP 47), comma-separated', list)
    .option('--ask-password', 'ask for the password they share; default: a random one')
    .option('--credentials <file>', 'write addresses and password into this file (mode 0600)')
    .option('--overwrite', 'replace the file of --credentials if it is there')
    .option('--force', 'also on another machine, in production, or beside real users')
    .passwordFlags()
    .json(
      '{ "created": 10, "existing": 0, "password": "…" | null, "credentials_file": "…" | null,\n' +
        '    "users": [{ "email": "…", "is_verified": true }] }\n' +
        '  users: those this run made; null for the password when it made none or a file has it',
    )
    .notes(
      `
Safe to run twice: users that are there stay as they are, and keep the password they had.
A larger --count adds users to those of the same --seed.`,
    )
    .examples(
      ['fluentmeet seed', 'Ten users to try'],
      ['fluentmeet seed --count 100000 --credentials users.json', 'For a load test'],
      ['fluentmeet seed --count 50 --languages fr,ja --verified 100% --json', 'For an end-to-end test'],
    )
    .action(run(async () => (await import('./seed.js')).seed));
};
