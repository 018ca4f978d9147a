import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { ensurePostgresCluster } from '../../src/dev/postgres-cluster.js';
import type { PostgresAccount } from '../../src/dev/postgres-account.js';
import { rejection } from '../fluentmeet/test-instance.js';

describe('a new PostgreSQL cluster', () => {
  it('says first why initdb could not make it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-cluster-'));
    try {
      await mkdir(path.join(folder, 'bin'));
      const script = '#!/bin/sh\nseq 1000\necho "initdb: error: no space left on device" >&2\nexit 1\n';
      await writeFile(path.join(folder, 'bin', 'initdb'), script, { mode: 0o755 });
      const account: PostgresAccount = { prefix: [], assisted: false, majorVersion: '18' };
      const error = await rejection(ensurePostgresCluster(folder, folder, account));
      expect((error as Error).message).to.equal('initdb failed:\ninitdb: error: no space left on device');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
