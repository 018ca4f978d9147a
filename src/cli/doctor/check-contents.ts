import { existingTables } from '../../database/migrator.js';
import { ourTables } from '../../database/tables.js';
import type { Internals } from '../../fluentmeet.js';
import { currentPause } from '../../outbox/relay-pause.js';
import { inspectSecret } from '../../verification/inspect-secret.js';
import { otherSchemas, quoted, tablesElsewhere } from '../other-schemas.js';
import { checkRights } from './check-rights.js';
import { checkEncoding, checkSequences, checkTables, checkWritable } from './check-tables.js';
import { fail, type Finding, ok, warn } from './finding.js';

/** An email that is due for longer is late: a relay looks every two seconds at least. */
const lateAfterSeconds = 30;

/**
 * What stands in a database that answers: the schema, our rights on it, the emails that wait, the secret's traces. Adds
 * to the findings one by one, so that those there are survive a statement that fails.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function checkContents(
  internals: Internals,
  findings: Finding[],
  { knowsSecret, namesSchema }: { knowsSecret: boolean; namesSchema: boolean },
): Promise<void> {
  const look = async (looking: Promise<Finding>): Promise<boolean> => {
    const finding = await looking;
    findings.push(finding);
    return finding.status !== 'fail';
  };
  await look(checkEncoding(internals));
  await look(checkWritable(internals));
  if (!(await look(checkRights(internals)))) return;
  if (!(await look(checkSchema(internals, namesSchema)))) return;
  // What follows reads them.
  if (!(await look(checkTables(internals)))) return;
  await look(checkSequences(internals));
  findings.push(...(await checkEmails(internals)));
  if (knowsSecret) await look(checkSecret(internals));
}

/**
 * What `migrate up` should not leave unsaid: it went well, and signups would fail all the same. Adds to the findings as
 * `checkContents` does.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function checkAfterMigration(internals: Internals, findings: Finding[]): Promise<void> {
  findings.push(await checkEncoding(internals));
  const rights = await checkRights(internals);
  findings.push(rights);
  // It reads the tables.
  if (rights.status !== 'fail') findings.push(await checkSequences(internals));
}

async function checkSchema(internals: Internals, isNamed: boolean): Promise<Finding> {
  const { migrator, database } = internals;
  const migrations = await migrator.status();
  const newer = migrations.filter(({ unknown }) => unknown).map(({ name }) => name);
  if (newer.length > 0) {
    // A rollback of the code runs on it.
    return warn(
      'schema',
      `the database is newer than this code: it has ${newer.join(', ')}`,
      'Run the newer version of @fluentmeet/signup as soon as it is well again.',
    );
  }
  const pending = migrations.filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name);
  if (pending.length === 0) {
    const others = isNamed ? [] : await otherSchemas(internals);
    if (others.length === 0)
      return ok('schema', `${migrations.length} migrations applied in "${database.schema}"`);
    return warn(
      'schema',
      `tables of ours in "${database.schema}" and in ${quoted(others)}, and none is named: commands look into "${database.schema}"`,
      `Name the one that is meant: FLUENTMEET_DATABASE_SCHEMA=${others[0]} or ${database.schema}, or --config with the host's options.`,
    );
  }
  const foreign = pending.length === migrations.length ? await existingTables(database, ourTables) : [];
  if (foreign.length > 0) {
    return fail(
      'schema',
      `"${database.schema}" has tables of somebody else by our names: ${foreign.join(', ')}`,
      'Name a schema of our own: FLUENTMEET_DATABASE_SCHEMA=fluentmeet',
    );
  }
  const elsewhere = await tablesElsewhere(internals);
  if (elsewhere) return fail('schema', elsewhere.message, elsewhere.advice);
  return fail('schema', `pending: ${pending.join(', ')}`, 'Apply them: fluentmeet migrate up');
}

async function checkEmails(internals: Internals): Promise<Finding[]> {
  const { database } = internals;
  const pause = await currentPause(internals);
  const table = database.table('email_outbox');
  const [row] = await database.query<{
    late: string;
    oldest: number | null;
    pending: string;
    dead: string;
    dead_for: string | null;
    refused: string;
    last_error: string | null;
  }>(
    `select count(*) filter (where ${late(database.now())}) as late,
       count(*) filter (where attempts > 0) as refused,
       (array_agg(last_error order by next_attempt_at desc) filter (where attempts > 0))[1] as last_error,
       extract(epoch from ${database.now()} - min(due) filter (where ${late(database.now())}))::double precision as oldest,
       count(*) as pending, (select count(*) from ${table} where status = 'dead') as dead,
       (select mode() within group (order by last_error) from ${table} where status = 'dead') as dead_for
     from (
       select attempts, last_error, next_attempt_at, least(coalesce(due_at, created_at), next_attempt_at) as due
       from ${table} where status = 'pending'
       union all
       select 0, null, due_at, due_at from ${database.table('email_requests')} where user_id is not null
     ) waiting`,
  );
  const dead = Number(row?.dead);
  const lateCount = Number(row?.late);
  const refused = Number(row?.refused);
  return [
    pause
      ? warn(
          'relay',
          `paused by an operator since ${pause.since.toISOString()}: ${pause.reason}; ${Number(row?.pending)} pending`,
          `End it: fluentmeet relay resume${pause.until ? ` (by itself at ${pause.until.toISOString()})` : ''}`,
        )
      : lateCount > 0
        ? fail(
            'relay',
            `${lateCount} of ${Number(row?.pending)} pending emails are late, the oldest by ${age(row?.oldest ?? 0)}: no relay runs, or none can publish`,
            'If Kafka, or whatever publishes in its place, is away (below), bring it back: relays go on by themselves. Otherwise start one (fluentmeet serve, fluentmeet relay), and read its log.',
          )
        : ok('relay', `no email is late; ${Number(row?.pending)} pending`),
    refused > 0
      ? warn(
          'refused emails',
          `${refused} were refused and are tried again, the last for: ${row?.last_error}`,
          'Fix what it says: they go out by themselves, or at once by fluentmeet emails replay --all --status pending',
        )
      : ok('refused emails', 'none'),
    dead > 0
      ? warn(
          'dead emails',
          `${dead} could not be published${row?.dead_for ? `, most often for: ${row.dead_for}` : ''}`,
          'See each: fluentmeet emails list --status dead. Once it is fixed: fluentmeet emails replay --all',
        )
      : ok('dead emails', 'none'),
    await checkHeld(internals),
  ];
}

async function checkHeld({ database }: Internals): Promise<Finding> {
  // SQL: by the index of those that are held, which is empty as a rule.
  const domains = await database.query<{ domain: string | null; count: string; last: Date }>(
    `select case when o.domain_hour is not null then split_part(u.email, '@', 2) end as domain, count(*),
       max(o.next_attempt_at) as last
     from ${database.table('email_outbox')} o join ${database.table('users')} u on u.id = o.user_id
     where o.status = 'held' group by 1 order by 2 desc`,
  );
  const over = domains.filter(({ domain }) => domain !== null);
  const sum = (rows: typeof domains): number => rows.reduce((total, { count }) => total + Number(count), 0);
  if (over.length === 0) {
    return ok(
      'held emails',
      domains.length > 0 ? `${sum(domains)}, until their mailboxes may get more` : 'none',
    );
  }
  const most = over.slice(0, 3).map(({ domain, count }) => `${domain} (${count})`);
  const last = new Date(Math.max(...over.map(({ last: time }) => time.getTime())));
  return warn(
    'held emails',
    `${sum(over)} wait for the limit of their domain: ${most.join(', ')}${over.length > 3 ? ', …' : ''}; the last until ${last.toISOString()}`,
    'Where that is no attack: raise FLUENTMEET_DOMAIN_LIMIT or except the domain, then fluentmeet emails replay --status held --domain …',
  );
}

/** Due since then, however often a relay gave it back, and nobody is at it; a lease that ran out counts as nobody. */
function late(now: string): string {
  return `next_attempt_at <= ${now} and due < ${now} - interval '${lateAfterSeconds} seconds'`;
}

function age(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

async function checkSecret(internals: Internals): Promise<Finding> {
  switch (await inspectSecret(internals)) {
    case 'same':
      return ok('secret', 'the newest link was made with it');
    case 'previous':
      return ok('secret', 'the newest link was made with one of FLUENTMEET_PREVIOUS_SECRETS');
    case 'unknown':
      return ok('secret', 'no unused link to compare it with');
    case 'changed':
      return warn(
        'secret',
        'the newest link was made with another FLUENTMEET_SECRET',
        'Give every process the same one. Earlier links go on working; emails that wait get fresh links.',
      );
  }
}
