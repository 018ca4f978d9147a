import { once } from 'node:events';

/** Resolves when the signal is aborted, at once if it already is. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
