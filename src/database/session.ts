/**
 * What our statements, and the reading of their answers, count on. A server, a database, a role or a host may have set
 * any of it otherwise.
 */
const readable = {
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  array_nulls: 'on',
  standard_conforming_strings: 'on',
} as const;

/** Tells a session of ours from one whose start-up parameters a pooler dropped without a word. */
const mark = 'fluentmeet.session';

/** A process that froze in the middle of a transaction holds its locks for no longer. Milliseconds. */
const idlePatience = 30_000;

/** @param limit milliseconds that one statement may take on the server; 0 is no limit */
function limits(limit: number): Record<string, string> {
  return {
    statement_timeout: String(limit),
    lock_timeout: String(limit),
    idle_in_transaction_session_timeout: String(limit === 0 ? 0 : Math.max(limit, idlePatience)),
  };
}

/** For the `options` of the start-up message: sessions that are ours from their first moment. */
export function startupOptions(limit: number): string {
  const settings = {
    ...readable,
    ...limits(limit),
    // Ordinary races would end in errors under a stricter one.
    default_transaction_isolation: 'read committed',
    default_transaction_deferrable: 'off',
    [mark]: 'on',
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
    .join(' ');
}

export const isMarked = `select current_setting('${mark}', true) = 'on' as marked`;

export interface TransactionStart {
  /** Whether the session is ours already. */
  isPrepared: boolean;
  /** Milliseconds for each statement; 0 is no limit. Undefined leaves that of the session. */
  limit: number | undefined;
}

/** Begins a transaction in which a statement finds what it counts on, wherever its session comes from. */
export function startOfTransaction({ isPrepared, limit }: TransactionStart): string {
  const settings = { ...(isPrepared ? {} : readable), ...(limit === undefined ? {} : limits(limit)) };
  return `start transaction${isPrepared ? '' : ' isolation level read committed'}; ${setLocally(settings)}`;
}

/** In a transaction that is somebody else's: what has to be put back, as one row, and then what we need. */
export const takeSession = `select ${Object.keys(readable)
  .map((name) => `current_setting('${name}') as ${name}`)
  .join(', ')}; ${setLocally(readable)}`;

/** Puts it back. Empty where nothing differs. */
export function giveBackSession(before: Readonly<Record<string, string>>): string {
  const ours: Record<string, string> = readable;
  // As it is now, a literal is what the standard says; the last one ends that.
  return setLocally(
    Object.fromEntries(Object.entries(before).filter(([name, value]) => value !== ours[name])),
  );
}

function setLocally(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `set local ${name} = '${value.replaceAll("'", "''")}'`)
    .join('; ');
}
