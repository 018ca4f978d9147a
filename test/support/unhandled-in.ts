import { setImmediate } from 'node:timers/promises';

/** Resolves with the rejections that nobody handled of what the work began: each of them ends a host's process. */
export async function unhandledIn(work: () => unknown): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const others = process.rawListeners('unhandledRejection') as NodeJS.UnhandledRejectionListener[];
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', (error) => unhandled.push(error));
  try {
    await work();
    await setImmediate();
    return unhandled;
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  }
}
