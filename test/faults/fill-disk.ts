import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { connectHarness } from './connect.js';
import type { Stage } from './stage.js';

export interface SmallDisk {
  fill(): Promise<void>;
  empty(): Promise<void>;
}

const run = promisify(execFile);
const size = '64m';

/**
 * Gives the row a database whose tables lie on a disk of 64 MB, a tmpfs. PostgreSQL's log (WAL) stays elsewhere: where
 * that one has no room either PostgreSQL ends itself, which is the row of the restart.
 *
 * @throws Error without root's right to mount; `postgres-read-only` is then the nearest row
 */
export async function fillDisk(stage: Stage): Promise<SmallDisk> {
  const postgres = await stage.services.ownPostgres();
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-disk-'));
  stage.defer(() => rm(folder, { recursive: true, force: true }));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  stage.defer(() => run('umount', ['--lazy', folder]));
  const { uid, gid } = await stat(`/proc/${postgres.pid}`);
  await chown(folder, uid, gid);
  await chmod(folder, 0o700);

  const name = `faults_${randomBytes(6).toString('hex')}`;
  const client = await connectHarness(postgres.url);
  await client.query(`create tablespace ${name} location '${folder}'`);
  await client.query(`create database ${name} tablespace ${name}`).finally(() => client.end());
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  stage.databaseUrl = url.href;
  stage.defer(() => dropAll(postgres.url, name));

  const ballast = path.join(folder, 'ballast');
  return {
    async fill() {
      const { bavail, bsize } = await statfs(folder);
      // PostgreSQL may have taken some of it meanwhile: then the disk is full already.
      await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error;
      });
    },
    empty: () => rm(ballast),
  };
}

/** Before the disk goes: PostgreSQL would look for it at its next start. */
async function dropAll(url: string, name: string): Promise<void> {
  const client = await connectHarness(url);
  await client.query(`drop database ${name} with (force)`);
  await client.query(`drop tablespace ${name}`).finally(() => client.end());
}
