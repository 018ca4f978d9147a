import { randomBytes } from 'node:crypto';
import { link, rm, stat, writeFile } from 'node:fs/promises';

/**
 * A file that only its owner can read, and that appears whole or not at all, however this process ends. One that is there
 * stays as it is, an empty one too: another start may be about to use what it has just put there.
 */
export async function placeWhole(file: string, text: string): Promise<void> {
  if (await stat(file).catch(() => undefined)) return;
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(draft, text, { flag: 'wx', mode: 0o600, flush: true });
    await link(draft, file).catch(async (error: NodeJS.ErrnoException) => {
      // Not every file system has links.
      if (error.code !== 'EEXIST') await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    });
  } catch (error) {
    ignoreExisting(error as NodeJS.ErrnoException);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Somebody made it before us. */
export function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
