import { UsageError } from '../cli-error.js';
import type { Io } from './io.js';

const longest = 64 * 1024;

/** What `--password-stdin` reads: all of stdin, without the one line end that `echo` leaves. @throws UsageError */
export async function readPasswordFromStdin({ stdin }: Io): Promise<string> {
  if (stdin.isTTY) {
    throw new UsageError('--password-stdin reads from a pipe or a file', 'Leave it out to be asked, unseen.');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stdin) {
      chunks.push(Buffer.from(chunk));
      size += chunks.at(-1)?.length ?? 0;
      if (size > longest) throw new UsageError('what stdin holds is too long for a password');
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`stdin cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
  const bytes = Buffer.concat(chunks);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError('the password on stdin is not UTF-8');
  }
  const password = text.replace(/\r?\n$/, '');
  if (password !== '') return password;
  throw new UsageError('stdin is empty: it has no password', 'For example: --password-stdin < password.txt');
}
