import { Option } from 'commander';
import type { Declare } from '../command.js';
import { diagnosisCodes } from '../diagnoses.js';
import { duration, oneOf } from '../flag-values.js';
import { endInTime, pointInTime } from '../point-in-time.js';

const account = ['<email-or-id>', 'address in any spelling, or id'] as const;

const userShape =
  '{ "id": 1, "email": "a***@example.com", "full_name": "Ada Lovelace" | null, "speaking_language": "en", "listening_language": "fr",\n' +
  '    "is_active": true, "is_verified": false, "created_at": "…", "updated_at": "…", "deleted_at": "…" | null,\n' +
  '    "terms_accepted_at": "…" | null, "terms_version": "2026-03" | null }';

const codes = diagnosisCodes.map((code) => `"${code}"`);

export const declareUsers: Declare = (program, run) => {
  const users = program
    .command('users')
    .description('See accounts, explain missing mail, and put accounts right');

  users
    .command('list')
    .description('List accounts, newest first')
    .option('--verified', 'only verified ones')
    .option('--unverified', 'only those that are not verified')
    .option('--active', 'only active ones')
    .option('--inactive', 'only deactivated ones')
    .option('--deleted', 'the deleted ones')
    .option('--domain <domain>', 'those with an address in this domain')
    .option(
      '--since <time>',
      'signed up since: 2026-03-14, 2026-03-14T12:00Z, 2h; local where it names no zone',
      pointInTime,
    )
    .option('--until <time>', 'signed up before; a date alone includes that day', endInTime)
    .page('users', userShape)
    .examples(
      ['fluentmeet users list --unverified --since 24h', 'Who has not clicked yet'],
      ['fluentmeet users list --reveal --json | jq -r ".users[].email"', 'In a script'],
    )
    .action(run(async () => (await import('./users.js')).usersList));

  users
    .command('show')
    .description('Show one account')
    .argument(...account)
    .reveal()
    .json(userShape)
    .examples(
      ['fluentmeet users show ada@example.com', 'By address'],
      ['fluentmeet users show 12 --json | jq .is_verified', 'By id, in a script'],
    )
    .action(run(async () => (await import('./users.js')).usersShow));

  users
    .command('explain')
    .description('Say in plain sentences why a person did not get their mail, and what to do')
    .argument(...account)
    .reveal()
    .json(
      `{ "diagnosis": ${codes.slice(0, 8).join(' | ')} |\n` +
        `    ${codes.slice(8, 14).join(' | ')} |\n` +
        `    ${codes.slice(14).join(' | ')},\n` +
        '    "summary": "…", "details": ["…"], "advice": ["…"], "user": {…} | null, "emails": [{…}],\n' +
        '    "links": [{ "issued_at", "expires_at", "used_at" }] }   (user, emails: as in "show" and "emails list")',
    )
    .examples(
      ['fluentmeet users explain ada@example.com', 'Why did Ada not get her mail?'],
      ['fluentmeet users explain ada@example.com --json | jq -r .diagnosis', 'In a word, for a script'],
    )
    .action(run(async () => (await import('./users-explain.js')).usersExplain));

  users
    .command('verify')
    .description('Verify an account by your word, without a link')
    .argument(...account)
    .notes(
      `
With FLUENTMEET_PROOF=link-and-password it clears the password, and that terms were accepted: nobody has proved that these were the
owner's, who sets a password by your reset.`,
    )
    .reveal()
    .json('{ "changed": true, "user": {…the keys in "users show"} }')
    .examples(
      ['fluentmeet users verify ada@example.com', 'You know that the address is hers'],
      ['fluentmeet users verify 12 --json', 'In a script'],
    )
    .action(run(async () => (await import('./users.js')).usersVerify));

  users
    .command('deactivate')
    .description('Deactivate an account: no emails, links not valid, the address stays taken')
    .argument(...account)
    .option('-y, --yes', 'do not ask')
    .reveal()
    .json('{ "changed": true, "user": {…the keys in "users show"} }')
    .examples(
      ['fluentmeet users deactivate mallory@example.com', 'Asks on a terminal'],
      ['fluentmeet users deactivate 12 --yes --json', 'In a script'],
    )
    .action(run(async () => (await import('./users.js')).usersDeactivate));

  users
    .command('activate')
    .description('Make a deactivated account active again')
    .argument(...account)
    .reveal()
    .json('{ "changed": true, "user": {…the keys in "users show"} }')
    .examples(
      ['fluentmeet users activate ada@example.com', 'It was a mistake'],
      ['fluentmeet users activate 12 --json', 'In a script'],
    )
    .action(run(async () => (await import('./users.js')).usersActivate));

  users
    .command('purge-unverified')
    .description('Delete accounts that were never verified; their addresses are free again')
    .addOption(
      new Option('--older-than <time>', 'least age').argParser(duration).default(duration('30d'), '30d'),
    )
    .option('-n, --dry-run', 'count, and change nothing')
    .option('-y, --yes', 'do not ask')
    .notes('\nInactive accounts stay, verified or not, and keep their addresses taken.')
    .json(
      '{ "purged": 12, "kept": { "live_link": 1, "unsent_email": 2, "held": 0 }, "dry_run": false }\n' +
        '  kept: old enough, but with a link that works, or an email that is asked for, pending, held or dead;\n' +
        '  held: rows of the host refer to them, or its hook failed (a warning each)',
    )
    .examples(
      ['fluentmeet users purge-unverified --older-than 90d --dry-run', 'How many would go'],
      ['fluentmeet users purge-unverified --older-than 90d --yes', 'In a nightly job'],
    )
    .action(run(async () => (await import('./users-purge.js')).usersPurge));

  users
    .command('import')
    .description('Bring users of another system, with their hashes as they are; no mail is sent')
    .argument('<file>', '.jsonl, or .csv whose first line names the columns; - is stdin')
    .option('--format <format>', 'csv or jsonl; by default as the file ends', oneOf('csv', 'jsonl'))
    .option('--skip-invalid', 'leave out lines that cannot be imported; otherwise nothing is')
    .option('-n, --dry-run', 'check the file, ask who has an account already, and change nothing')
    .notes(
      `
Columns: email, hashed_password ($2a$, $2b$, $2y$ or $bcrypt-sha256$, cost 4 to 15; others where foreignHashes of --config
reads them), and where there are any full_name, speaking_language, listening_language, is_active and is_verified
(true or false, t or f, 1 or 0). Without is_active all are active, without is_verified none is verified. An empty is_verified is
false; an empty is_active is a fault, and so is NULL or \\N as a text. In UTF-8, 512 MB at most: split a larger one. Who has
an account already stays as they are: safe to run twice. Those whom the file has as verified, and whose account nobody
verified, may be a stranger's: a warning names their lines. Remove these accounts ("users erase"), and run it again.
Queries that write such a file from Devise, Laravel, Django, Supabase Auth and better-auth are in docs/coming-from.md.

Exits with 2 where nothing is imported because of a line, and with 1 where --skip-invalid would leave out all of them. A quote
in a .csv that opens a field and does not close it is no line's fault: --skip-invalid does not help there.`,
    )
    .json(
      `{ "imported": 11, "verified": 9, "known": 2, "unverified": 1, "unverified_lines": [4],
    "lines": 15, "valid": 13, "invalid": 1, "dry_run": false,
    "faults": [{ "line": 7, "field": "email" | "", "code": "EMAIL_TWICE", "earlier": 3, "message": "…" }] }   (the first hundred; also where nothing is imported)
  verified: of those who are imported, with --dry-run of those who would be; unverified: of the known, and their lines, the first hundred`,
    )
    .examples(
      ['fluentmeet users import users.csv --dry-run', 'What cannot be imported, line by line'],
      ['fluentmeet users import users.jsonl --skip-invalid', 'All the others'],
      ['fluentmeet users import - --format csv < export.txt', 'From stdin'],
    )
    .action(run(async () => (await import('./users-import.js')).usersImport));

  users
    .command('export')
    .description('Print everything kept about one person as JSON, addresses in full, hashes never')
    .argument(...account)
    .json(
      '{ "user": {…} | null, "emails": […], "email_requests": […], "links": […], "invites": […], "mailbox_counts": […], "signup_keys": […] }\n' +
        '  The same without the flag.',
    )
    .notes(
      `
Deleted accounts too. By address also what is kept without an account: invites for it, counts of mails.`,
    )
    .examples(
      ['fluentmeet users export ada@example.com > ada.json', 'She asks what is kept about her'],
      ['fluentmeet users export 12 --as alice', 'By id; the log says that it was Alice'],
    )
    .action(run(async () => (await import('./users-person.js')).usersExport));

  users
    .command('erase')
    .description('Remove everything kept about one person; the address is free again')
    .argument(...account)
    .option('-n, --dry-run', 'count, and change nothing')
    .option('-y, --yes', 'do not ask')
    .json(
      '{ "erased": { "accounts": 1, "emails": 2, "email_requests": 0, "links": 2, "invites": 0, "mailbox_counts": 1, "signup_keys": 0 }, "dry_run": false }',
    )
    .examples(
      ['fluentmeet users erase ada@example.com', 'Asks on a terminal; deleted accounts too'],
      ['fluentmeet users erase 12 --yes --json', 'In a script'],
    )
    .action(run(async () => (await import('./users-person.js')).usersErase));
};
