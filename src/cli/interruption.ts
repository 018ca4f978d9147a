import { exitCodes } from './cli-error.js';
import type { Io } from './io.js';

export interface Interruption {
  /** From now on the first signal only aborts the result. */
  take(): AbortSignal;
  readonly happened: boolean;
  release(): void;
}

/**
 * SIGINT and SIGTERM: until a command takes them they end the process at once (the database rolls back what was under
 * way). A command that took them ends by itself; a second signal then ends the process.
 */
export function interruptionOf(io: Io): Interruption {
  const controller = new AbortController();
  let taken = false;
  const onSignal = (): void => {
    if (!taken || controller.signal.aborted) io.exit(exitCodes.interrupted);
    controller.abort();
  };
  io.signals.on('SIGINT', onSignal);
  io.signals.on('SIGTERM', onSignal);
  return {
    take() {
      taken = true;
      return controller.signal;
    },
    get happened() {
      return controller.signal.aborted;
    },
    release() {
      io.signals.off('SIGINT', onSignal);
      io.signals.off('SIGTERM', onSignal);
    },
  };
}
