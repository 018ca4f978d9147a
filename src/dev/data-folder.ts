import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ignoreExisting, placeWhole } from './place-whole.js';

/** Where `fluentmeet dev` keeps what survives a restart. */
export type DataFolder = Awaited<ReturnType<typeof openDataFolder>>;

export async function openDataFolder(folder: string) {
  await mkdir(folder, { recursive: true });
  // It lies in somebody's project: git should not see it.
  await writeFile(path.join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch(ignoreExisting);
  const databaseUrlFile = path.join(folder, 'database-url');
  return {
    postgres: path.join(folder, 'postgres'),
    mailbox: path.join(folder, 'mailbox.jsonl'),
    /** Made at the first start, the same ever after: links from before a restart go on working. */
    secret: await ownSecret(path.join(folder, 'secret')),
    databaseUrlFile,
    /** Tells the other commands where the database is, as long as it runs. */
    async announceDatabase(url: string): Promise<void> {
      await rm(databaseUrlFile, { force: true });
      await writeFile(databaseUrlFile, `${url}\n`, { mode: 0o600, flag: 'wx' });
    },
    withdrawDatabase: () => rm(databaseUrlFile, { force: true }),
  };
}

async function ownSecret(file: string): Promise<string> {
  await placeWhole(file, `${randomBytes(32).toString('hex')}\n`);
  await chmod(file, 0o600);
  const secret = (await readFile(file, 'utf8')).trim();
  if (secret.length < 32)
    throw new Error(`${file} holds no secret of 32 characters: remove it, and start again`);
  return secret;
}
