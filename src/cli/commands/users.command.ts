import { addExamples, addJsonFlag, addRevealFlag, type Declare } from '../command.js';
import { duration, oneOf, rowId, wholeNumber } from '../flag-values.js';
import { endInTime, pointInTime } from '../point-in-time.js';
import { userShape } from './json-shapes.js';

const account = ['<email-or-id>', 'address in any spelling, or id'] as const;

export const declareUsers: Declare = (program, run) => {
  const users = program
    .command('users')
    .description('See accounts, explain missing mail, and put accounts right');

  const list = users
    .command('list')
    .description('List accounts, newest first')
    .option('--verified', 'only verified ones')
    .option('--unverified', 'only those that are not verified')
    .option('--active', 'only active ones')
    .option('--inactive', 'only deactivated ones')
    .option('--deleted', 'the deleted ones')
    .option('--domain <domain>', 'those with an address in this domain')
    .option('--since <time>', 'signed up since: 2026-03-14, 2026-03-14T12:00Z, 2h', pointInTime)
    .option('--until <time>', 'signed up before; a date alone includes that day', endInTime)
    .option('--before <id>', 'only ids below this one: the next page', rowId)
    .option('--limit <number>', 'how many at most', wholeNumber(1, 10_000), 30)
    .action(run(async () => (await import('./users.js')).usersList));
  addRevealFlag(list);
  addJsonFlag(list, `{ "users": [${userShape}],\n  "next": 12 | null }   (the --before of the next page)`);
  addExamples(
    list,
    ['fluentmeet users list --unverified --since 24h', 'Who has not clicked yet'],
    ['fluentmeet users list --reveal --json | jq -r ".users[].email"', 'In a script'],
  );

  const show = users
    .command('show')
    .description('Show one account')
    .argument(...account)
    .action(run(async () => (await import('./users.js')).usersShow));
  addRevealFlag(show);
  addJsonFlag(show, userShape);
  addExamples(
    show,
    ['fluentmeet users show ada@example.com', 'By address'],
    ['fluentmeet users show 12 --json | jq .is_verified', 'By id, in a script'],
  );

  const explain = users
    .command('explain')
    .description('Say in plain sentences why a person did not get their mail, and what to do')
    .argument(...account)
    .action(run(async () => (await import('./users-explain.js')).usersExplain));
  addRevealFlag(explain);
  addJsonFlag(
    explain,
    '{ "diagnosis": "unknown" | "deleted" | "inactive" | "verified" | "no-email" | "due" | "publishing" | "retrying" |\n' +
      '    "relay-behind" | "relay-stopped" | "paused" | "outage" | "dead" | "published" | "link-expired" | "link-revoked" |\n' +
      '    "obsolete",\n' +
      '    "summary": "…", "details": ["…"], "advice": ["…"], "user": {…} | null, "emails": [{…}],\n' +
      '    "links": [{ "issued_at", "expires_at", "used_at" }] }   (user, emails: as in "show" and "emails list")',
  );
  addExamples(
    explain,
    ['fluentmeet users explain ada@example.com', 'Why did Ada not get her mail?'],
    ['fluentmeet users explain ada@example.com --json | jq -r .diagnosis', 'In a word, for a script'],
  );

  const verify = users
    .command('verify')
    .description('Verify an account by your word, without a link')
    .argument(...account)
    .action(run(async () => (await import('./users.js')).usersVerify));
  addRevealFlag(verify);
  addJsonFlag(verify, '{ "changed": true, "user": {…the keys in "users show"} }');
  addExamples(
    verify,
    ['fluentmeet users verify ada@example.com', 'You know that the address is hers'],
    ['fluentmeet users verify 12 --json', 'In a script'],
  );

  const deactivate = users
    .command('deactivate')
    .description('Deactivate an account: no emails, links not valid, the address stays taken')
    .argument(...account)
    .option('-y, --yes', 'do not ask')
    .action(run(async () => (await import('./users.js')).usersDeactivate));
  addRevealFlag(deactivate);
  addJsonFlag(deactivate, '{ "changed": true, "user": {…the keys in "users show"} }');
  addExamples(
    deactivate,
    ['fluentmeet users deactivate mallory@example.com', 'Asks on a terminal'],
    ['fluentmeet users deactivate 12 --yes --json', 'In a script'],
  );

  const activate = users
    .command('activate')
    .description('Make a deactivated account active again')
    .argument(...account)
    .action(run(async () => (await import('./users.js')).usersActivate));
  addRevealFlag(activate);
  addJsonFlag(activate, '{ "changed": true, "user": {…the keys in "users show"} }');
  addExamples(
    activate,
    ['fluentmeet users activate ada@example.com', 'It was a mistake'],
    ['fluentmeet users activate 12 --json', 'In a script'],
  );

  const purge = users
    .command('purge-unverified')
    .description('Delete accounts that were never verified; their addresses are free again')
    .option('--older-than <time>', 'least age', duration, 30 * 86_400_000)
    .option('-n, --dry-run', 'count, and change nothing')
    .option('-y, --yes', 'do not ask')
    .action(run(async () => (await import('./users-purge.js')).usersPurge));
  purge.options.find(({ long }) => long === '--older-than')?.default(30 * 86_400_000, '30d');
  addJsonFlag(
    purge,
    '{ "purged": 12, "kept": { "live_link": 1, "unsent_email": 2, "held": 0 }, "dry_run": false }\n' +
      '  kept: old enough, but with a link that works, or an email that is pending or dead;\n' +
      '  held: rows of the host refer to them, or its hook failed (a warning each)',
  );
  addExamples(
    purge,
    ['fluentmeet users purge-unverified --older-than 90d --dry-run', 'How many would go'],
    ['fluentmeet users purge-unverified --older-than 90d --yes', 'In a nightly job'],
  );

  const imported = users
    .command('import')
    .description('Bring users of another system, with their hashes as they are; no mail is sent')
    .argument('<file>', '.jsonl, or .csv whose first line names the columns; - is stdin')
    .option('--format <format>', 'csv or jsonl; by default as the file ends', oneOf('csv', 'jsonl'))
    .option('--skip-invalid', 'leave out lines that cannot be imported; otherwise nothing is')
    .option('-n, --dry-run', 'check the file, ask who has an account already, and change nothing')
    .action(run(async () => (await import('./users-import.js')).usersImport));
  imported.addHelpText(
    'after',
    `
Columns: email, hashed_password ($2a$, $2b$, $2y$ or $bcrypt-sha256$, cost 4 to 15; others where foreignHashes of --config
reads them), and where there are any full_name, speaking_language, listening_language, is_active and is_verified
(true or false, t or f, 1 or 0). Without is_active all are active, without is_verified none is verified. In UTF-8. Who has an
account already stays as they are: safe to run twice. Those whom the file has as verified, and whose account nobody verified,
may be a stranger's: a warning names their lines. Remove these accounts ("users erase"), and run it again.

Exits with 2 where nothing is imported because of a line, and with 1 where --skip-invalid would leave out all of them. A quote
in a .csv that opens a field and does not close it is no line's fault: --skip-invalid does not help there.`,
  );
  addJsonFlag(
    imported,
    `{ "imported": 11, "known": 2, "unverified": 1, "unverified_lines": [4], "lines": 15, "valid": 13, "invalid": 1, "dry_run": false,
    "faults": [{ "line": 7, "field": "email" | "", "code": "EMAIL_TWICE", "earlier": 3, "message": "…" }] }   (the first hundred; also where nothing is imported)
  unverified: of the known; their lines, the first hundred`,
  );
  addExamples(
    imported,
    ['fluentmeet users import users.csv --dry-run', 'What cannot be imported, line by line'],
    ['fluentmeet users import users.jsonl --skip-invalid', 'All the others'],
    ['fluentmeet users import - --format csv < export.txt', 'From stdin'],
  );

  const exported = users
    .command('export')
    .description('Print everything kept about one person as JSON, addresses in full, hashes never')
    .argument(...account)
    .action(run(async () => (await import('./users-person.js')).usersExport));
  exported.addHelpText(
    'after',
    `
  { "user": {…} | null, "emails": […], "links": […], "invites": […], "mailbox_counts": […], "signup_keys": […] }

Deleted accounts too. By address also what is kept without an account: invites for it, counts of mails.`,
  );
  addExamples(
    exported,
    ['fluentmeet users export ada@example.com > ada.json', 'She asks what is kept about her'],
    ['fluentmeet users export 12 --as alice', 'By id; the log says that it was Alice'],
  );

  const erase = users
    .command('erase')
    .description('Remove everything kept about one person; the address is free again')
    .argument(...account)
    .option('-n, --dry-run', 'count, and change nothing')
    .option('-y, --yes', 'do not ask')
    .action(run(async () => (await import('./users-person.js')).usersErase));
  addJsonFlag(
    erase,
    '{ "erased": { "accounts": 1, "emails": 2, "links": 2, "invites": 0, "mailbox_counts": 1, "signup_keys": 0 }, "dry_run": false }',
  );
  addExamples(
    erase,
    ['fluentmeet users erase ada@example.com', 'Asks on a terminal; deleted accounts too'],
    ['fluentmeet users erase 12 --yes --json', 'In a script'],
  );
};
