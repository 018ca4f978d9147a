import { templateNames } from '../../outbox/templates.js';
import type { CliCommand, Declare } from '../command.js';
import { duration, eventIds, oneOf, rowId, rowIds, wholeNumber } from '../flag-values.js';
import { endInTime, pointInTime } from '../point-in-time.js';

const emailShape =
  `{ "id": 1, "status": "pending" | "held" | "published" | "dead" | "obsolete", "template": ${templateNames.map((name) => `"${name}"`).join(' | ')},\n` +
  '    "user_id": 1, "to": "a***@example.com", "attempts": 0, "claims": 0, "last_error": "…" | null, "leased": false,\n' +
  '    "held_by": "mailbox" | "domain" | null, "next_attempt_at": "…", "due_at": "…", "event_id": "…", "created_at": "…", "published_at": "…" | null }';

export const declareEmails: Declare = (program, run) => {
  const emails = program.command('emails').description('See, replay and prune the emails of the outbox');

  chosen(
    emails
      .command('list')
      .description('List emails, newest first')
      .option(
        '--status <status>',
        'pending, held, published, dead or obsolete',
        oneOf('pending', 'held', 'published', 'dead', 'obsolete'),
      ),
  )
    .page('emails', emailShape)
    .examples(
      ['fluentmeet emails list --status dead', 'What could not be published, and why'],
      [
        `fluentmeet emails list --since 1h --limit 10000 --json | jq '.emails | group_by(.status) | map({(.[0].status): length}) | add'`,
        'The last hour in numbers',
      ],
    )
    .action(run(async () => (await import('./emails.js')).emailsList));

  emails
    .command('show')
    .description('Show one email; with --reveal its link too')
    .argument('<id>', 'the id in "emails list"', rowId)
    .reveal()
    .json(
      '{ …the keys in "emails list", "link": "…" | null (only with --reveal), "link_works": true, "link_expires_at": "…" | null }',
    )
    .examples(
      ['fluentmeet emails show 12', 'Why is it not published?'],
      ['fluentmeet emails show 12 --reveal --json | jq -r .link', 'Its link, for a person on the phone'],
    )
    .action(run(async () => (await import('./emails.js')).emailsShow));

  chosen(
    emails
      .command('replay')
      .description('Publish emails again: the dead ones once their cause is fixed, or any by id')
      .argument('[ids...]', 'ids in "emails list"; without ids and flags you pick from the dead ones', rowIds)
      .option('--all', 'every dead email, or every one of --status')
      .option(
        '--status <status>',
        'dead, pending, held or published; default dead',
        oneOf('dead', 'pending', 'held', 'published'),
      ),
  )
    .option('--limit <number>', 'how many at most, oldest first', wholeNumber(1, 1_000_000))
    .option('-n, --dry-run', 'show what would go, and change nothing')
    .option('-y, --yes', 'do not ask before sending what was published or is held')
    .option(
      '--event-id <id>',
      "a message on the mailer's dead topic, back to the email topic; may be repeated",
      eventIds,
    )
    .reveal()
    .json(
      '{ "published": [1], "failing": [{ "id": 2, "status": "pending" | "dead", "error": "…" }], "waiting": [3],\n' +
        '    "skipped": [{ "id": 4, "reason": "missing" | "unwanted" | "leased" | "taken" | "other-status" | "not-matching" |\n' +
        '    "superseded", "status": "…" | null }], "untouched": [], "outage": "…" | null, "paused": "…" | null }\n' +
        '  unwanted: the user is verified, inactive or gone. leased: a relay is publishing it. taken: another replay has it.\n' +
        '  superseded: a later one of the same person and template was published, or is about to be.\n' +
        '  waiting: put back to pending, a relay publishes it. untouched: not reached before Ctrl-C.\n' +
        '  With --dry-run: { "emails": [{ "id", "status", "to", "attempts", "last_error" }], "skipped": […] }\n' +
        '  With --event-id: { "messages": [{ "event_id", "status": "replayed" | "back" | "unwanted" | "expired" | "revoked" |\n' +
        '    "unknown-link" | "incomplete" | "missing" | "refused" | "unconfirmed" | "untouched", "reason", "detail", "failed_at",\n' +
        '    "email_id": 1 | null, "newer": { "id", "published_at" } | null, "error": "…" | null }], "dry_run" }\n' +
        '  back: brought back before. refused: Kafka does not take it. unconfirmed, untouched: Kafka went away (or Ctrl-C).',
    )
    .notes(
      `
What was published already goes out again only with --status published, and after a yes or --yes, as a
new message with a new event id: whoever got the mail gets another one, so that a mailer which is behind is
better waited for. Of these each person gets the newest of each template; of those that you name by id, the newest of
these. What was never published goes out each, as a relay would publish it: whoever asked three times gets three mails,
and --dry-run says of how many accounts they are. What is held for its mailbox or its domain goes out now with --status
held and a yes, or by its id: no limit holds it again. Safe to run twice and in parallel. Exit code 1 when some still
fail, 4 when Kafka, or whatever publishes in its place, cannot be reached.

--event-id is for what "fluentmeet mailer" gave up (mailer.dead in its log): with the same event id and link. It looks
into the database as well: nobody who is verified, inactive or gone is written to, and while "relay pause" holds it is
refused, with exit code 3. A link that has expired or was revoked stays where it is, and the command says how a new one
goes out. What was brought back before is left, as long as the email topic keeps it. It asks nothing and shows
no address: --yes and --reveal change nothing there.`,
    )
    .examples(
      ['fluentmeet emails replay', 'Pick from the dead ones'],
      ['fluentmeet emails replay --all --dry-run', 'What would go'],
      ['fluentmeet emails replay 12 13', 'These two'],
      ['fluentmeet emails replay --status held --domain example.com', 'Let go what is held'],
      ['fluentmeet emails replay --all --since 24h --json', 'In a script'],
    )
    .action(run(async () => (await import('./emails-replay.js')).emailsReplay));

  emails
    .command('prune')
    .description('Delete old emails: published and obsolete ones, or dead ones with --status dead')
    .option('--older-than <time>', 'age: 30d, 12h; default FLUENTMEET_EMAIL_RETENTION', duration)
    .option('--status <status>', 'dead: those that no relay ever prunes', oneOf('dead'))
    .option('-n, --dry-run', 'count, and change nothing')
    .option('-y, --yes', 'do not ask')
    .json('{ "pruned": 120, "dry_run": false }')
    .notes(
      `
"users explain" then finds no email of these people, and "emails replay" cannot publish it again. Whoever needs
a link still asks for a new one: on the page of an old one, or POST /resend-verification.`,
    )
    .examples(
      ['fluentmeet emails prune --older-than 7d --dry-run', 'How many would go'],
      ['fluentmeet emails prune --status dead --older-than 90d --yes', 'Dead ones, in a script'],
    )
    .action(run(async () => (await import('./emails.js')).emailsPrune));
};

/** By which emails are chosen, to be listed as to be replayed. */
function chosen(command: CliCommand): CliCommand {
  return command
    .option(
      '--since <time>',
      'created since: 2026-03-14, 2026-03-14T12:00Z, 2h; local where it names no zone; with --status published, published since',
      pointInTime,
    )
    .option(
      '--until <time>',
      'created before (published, likewise); a date alone includes that day',
      endInTime,
    )
    .option('--email <address>', 'those of this user')
    .option('--domain <domain>', 'those of users with an address in this domain')
    .option('--error <text>', 'those with this in their last error');
}
