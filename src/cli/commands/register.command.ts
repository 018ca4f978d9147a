import { profileColumns } from '../../users/public-profile.js';
import type { Declare } from '../command.js';
import { listedRegisterFields } from './register-fields.js';

export const declareRegister: Declare = (program, run) => {
  const register = program
    .command('register')
    .description('Register one user, by the same rules as over HTTP; asks for what is missing')
    .option('--email <address>', 'email address');
  for (const [, { flag, value, description }] of listedRegisterFields) {
    register.option(`--${flag} <${value}>`, description);
  }
  register
    .passwordFlags()
    .reveal()
    .json(
      `{ "user": { ${profileColumns.map((column) => `"${column}"`).join(', ')} },\n` +
        '    "email": { "id": 1, "status": "published" | "pending" | "held" | "dead" | "obsolete", "error": null | "…", "paused": "…" (where relays are) } }',
    )
    .notes(
      `
Terms of service (FLUENTMEET_BRAND_TERMS_VERSION) are for the person to accept, not for an operator: of an account made
here it is stored that nobody accepted them (terms_accepted_at is null).`,
    )
    .examples(
      ['fluentmeet register', 'Answer a few questions'],
      [
        'fluentmeet register --email ada@example.com --name "Ada Lovelace" --listening fr --password-stdin < password.txt',
        'In a script',
      ],
    )
    .action(run(async () => (await import('./register.js')).register));
};
