import type { Logger } from '../../logger.js';
import { exitCodes } from '../cli-error.js';
import type { Io } from '../terminal/io.js';

/** What a server has to end in, beside the time for which readiness says no. An orchestrator kills it after 30 s or so. */
export const stopPatience = 10_000;

/**
 * Ends the process where it did not end by itself in this many milliseconds after the signal, whatever hangs: a database
 * that never answers, a request, a connection that a library left open.
 *
 * @returns to be called when all has ended, of a failure too; the process may then go before
 */
export function setLastDeadline(
  { io, logger, stopping }: { io: Io; logger: Logger; stopping: AbortSignal },
  milliseconds: number,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    timer = setTimeout(() => {
      logger.error(
        { event: 'server.stop-timeout', milliseconds },
        `Not everything ended within ${milliseconds / 1000} s: the process ends now`,
      );
      io.exit(exitCodes.failed);
    }, milliseconds);
  };
  if (stopping.aborted) arm();
  else stopping.addEventListener('abort', arm, { once: true });
  return () => {
    stopping.removeEventListener('abort', arm);
    // Not cleared: what keeps the process from ending now is what the deadline is for.
    timer?.unref();
  };
}
