import { once } from 'node:events';

/** Something took longer than it may. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  constructor(what: string, milliseconds: number) {
    super(`${what} took longer than ${milliseconds / 1000} s`);
  }
}

/**
 * Rejects when the work takes longer than this many milliseconds. The work itself goes on: it may still succeed.
 *
 * @param late what takes so long, for the message of a `DeadlineError`; or the error to reject with
 */
export async function withDeadline<T>(
  work: Promise<T>,
  milliseconds: number,
  late: string | (() => Error),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const fail = (): Error => (typeof late === 'string' ? new DeadlineError(late, milliseconds) : late());
  // Not the promised timer with a signal: aborting one takes ten times as long as clearing this.
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fail()), Math.max(0, milliseconds));
  });
  // Its late failure is nobody's any more, and must not end the process.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Resolves when the signal is aborted, at once if it already is; or as the work does, where that ends before. Leaves
 * nothing behind in the signal.
 */
export async function untilAborted<T>(signal: AbortSignal, work?: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  const abort = async (): Promise<undefined> => {
    if (!signal.aborted) await once(signal, 'abort', { signal: over.signal });
  };
  try {
    return await (work ? Promise.race([work, abort()]) : abort());
  } finally {
    over.abort();
  }
}
