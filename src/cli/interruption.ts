import { exitCodes } from './cli-error.js';
import type { Io } from './terminal/io.js';

export type Interruption = ReturnType<typeof interruptionOf>;

/**
 * SIGINT, SIGTERM and SIGHUP: until a command takes them they end the process at once (the database rolls back what was
 * under way). A command that took them ends by itself; a second SIGINT or SIGTERM then ends the process. A second SIGHUP
 * does not: who closes a terminal or stops a service sends it along with the first signal.
 */
export function interruptionOf(io: Io) {
  const controller = new AbortController();
  let taken = false;
  const onSignal = (): void => {
    if (!taken || controller.signal.aborted) io.exit(exitCodes.interrupted);
    controller.abort();
  };
  const onHangUp = (): void => {
    if (!taken) io.exit(exitCodes.interrupted);
    controller.abort();
  };
  const handlers = { SIGINT: onSignal, SIGTERM: onSignal, SIGHUP: onHangUp };
  for (const [name, handler] of Object.entries(handlers)) io.signals.on(name, handler);
  return {
    /** From now on the first signal only aborts the result. */
    take(): AbortSignal {
      taken = true;
      return controller.signal;
    },
    get happened(): boolean {
      return controller.signal.aborted;
    },
    release(): void {
      for (const [name, handler] of Object.entries(handlers)) io.signals.off(name, handler);
    },
  };
}
