import { CliError } from './cli-error.js';
import type { Io } from './io.js';

/** What becomes of what is written to stdout: a full disk, or a reader that has gone. */
export interface WatchedOutput {
  /**
   * Resolves once all was written, or the reader has read enough (`fluentmeet users list | head -1`).
   *
   * @param ifLost what to say where it did not arrive, because something was made whose only secret stood in it
   * @throws CliError
   */
  arrived(ifLost: string | undefined): Promise<void>;
}

export function watchOutput({ stdout, stderr }: Io): WatchedOutput {
  let code: string | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => (code ??= error.code ?? 'error'));
  stderr.on('error', () => {});
  return {
    async arrived(ifLost) {
      await new Promise<void>((resolve) => stdout.write('', () => resolve()));
      if (code === undefined || (code === 'EPIPE' && ifLost === undefined)) return;
      throw new CliError(`the output could not be written (${code})`, ifLost ? { advice: ifLost } : {});
    },
  };
}
