import { randomBytes } from 'node:crypto';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CliError } from './cli-error.js';

export type CredentialsFile = Awaited<ReturnType<typeof openCredentialsFile>>;

/**
 * A file that only its owner can read, and that appears whole or not at all.
 *
 * @throws CliError where the file exists, unless it may be overwritten, or where its folder cannot be written to
 */
export async function openCredentialsFile(cwd: string, name: string, overwrite: boolean) {
  const target = path.resolve(cwd, name);
  const there = await stat(target).catch(() => undefined);
  if (there && !(overwrite && there.isFile())) throw alreadyThere(name);
  const draft = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(draft, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${name} cannot be written (${error.code ?? 'error'})`, { cause: error });
  });
  return {
    /** Absolute. */
    path: target,
    async write(text: string): Promise<void> {
      await file.writeFile(text);
      await file.sync();
      if (overwrite) await rename(draft, target);
      else await linkUnlessThere(draft, target, name);
    },
    /** Removes what is left of a file that was not written. */
    async discard(): Promise<void> {
      await file.close();
      await rm(draft, { force: true });
    },
  };
}

/** Unlike a rename, a link never overwrites what somebody put there meanwhile. */
async function linkUnlessThere(draft: string, target: string, name: string): Promise<void> {
  try {
    await link(draft, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere(name);
    // Not every file system has links.
    await rename(draft, target);
  }
}

function alreadyThere(name: string): CliError {
  return new CliError(`${name} is there already`, {
    advice: 'Name another file, or replace it: --overwrite',
  });
}
