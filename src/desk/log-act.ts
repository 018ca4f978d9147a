import type { Context } from '../context.js';
import type { LogData } from '../logger.js';

/** What an operator does. */
export type Act =
  | 'user-verified'
  | 'user-activated'
  | 'user-deactivated'
  | 'user-exported'
  | 'user-erased'
  | 'users-purged'
  | 'emails-replayed'
  | 'emails-pruned'
  | 'relay-paused'
  | 'relay-resumed'
  | 'tokens-revoked';

/** An operator's act as a log line of its own. Who it was stands in the logger that the operator's tool hands in. */
export function logAct({ logger }: Context, act: Act, message: string, data: Omit<LogData, 'event'>): void {
  logger.info({ event: `operator.${act}`, ...data }, message);
}

export interface ActInParts {
  act: Act;
  message: string;
  signal: AbortSignal | undefined;
  /** What was done until now; undefined where that is nothing. Asked once it has ended, in whatever way. */
  done: () => Omit<LogData, 'event'> | undefined;
}

/**
 * Does an act that goes part by part, and logs what was done: also where a signal ended it in the middle, or the database
 * went away, and then says so (`interrupted`). One that was ended before it had done anything is no act.
 */
export async function logActInParts<Result>(
  context: Context,
  { act, message, signal, done }: ActInParts,
  work: () => Promise<Result>,
): Promise<Result> {
  let interrupted = true;
  try {
    const result = await work();
    interrupted = signal?.aborted === true;
    return result;
  } finally {
    const data = done();
    if (data && !interrupted) logAct(context, act, message, data);
    else if (data && hasCounted(data)) {
      logAct(context, act, `${message}, until it was interrupted`, { ...data, interrupted });
    }
  }
}

function hasCounted(data: object): boolean {
  return Object.values(data).some((value) => typeof value === 'number' && value > 0);
}

const mostNamed = 20;

/** How many there are, and which: of many the first, with how many more there are. A line has an end. */
export function countAndNames(name: string, all: readonly (number | string)[]): Omit<LogData, 'event'> {
  const more = all.length - mostNamed;
  return { count: all.length, [name]: all.slice(0, mostNamed), ...(more > 0 ? { more } : {}) };
}
