import { CliError } from '../cli-error.js';
import type { Io } from './io.js';

/**
 * Watches what becomes of what is written to stdout: a full disk, or a reader that has gone.
 *
 * @returns resolves once all was written, or the reader has read enough (`fluentmeet users list | head -1`), and throws a
 * CliError where it did not arrive. `ifLost` is then said: something was made whose only secret stood in it
 */
export function watchOutput({ stdout, stderr }: Io): (ifLost: string | undefined) => Promise<void> {
  let code: string | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => (code ??= error.code ?? 'error'));
  stderr.on('error', () => {});
  return async (ifLost) => {
    await new Promise<void>((resolve) => stdout.write('', () => resolve()));
    if (code === undefined || (code === 'EPIPE' && ifLost === undefined)) return;
    throw new CliError(`the output could not be written (${code})`, { advice: ifLost });
  };
}
