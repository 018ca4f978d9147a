/** To be called for each thing that was opened; they are closed in reverse order. */
export type Defer = (close: () => Promise<unknown> | void) => void;

/** Runs the work and closes all that it opened, whatever fails: the work's own error counts, then the first in closing. */
export async function withCleanup<T>(work: (defer: Defer) => Promise<T>): Promise<T> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const failures: unknown[] = [];
  const result = await work((close) => void closers.push(close)).catch((error: unknown) => {
    failures.push(error);
  });
  for (const close of closers.toReversed()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return result as T;
}
