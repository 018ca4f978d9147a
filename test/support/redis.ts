import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { spawnWithLifeline, type LifelineProcess } from '../../src/dev/lifeline.js';
import { atEnd } from './at-end.js';
import { ownServer, type OwnServer } from './own-server.js';
import { freePorts } from './processes.js';
import { isRequired, skipFor } from './skip.js';

interface TestRedis {
  url: string;
}

export type OwnRedis = OwnServer & TestRedis & { port: number };

/** A Redis of the test's own, for breaking it; where there is none the suite is skipped with the reason, or fails when CI is set. */
export async function requireOwnRedis(context: Mocha.Context): Promise<OwnRedis> {
  await requireBinary(context);
  return startOwnRedis();
}

/** A Redis of the test's own, for breaking it; empty again after `kill()` and `start()`. */
export async function startOwnRedis(): Promise<OwnRedis> {
  const [port] = (await freePorts(1)) as [number];
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-redis-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = await ownServer(async () => {
    const redis = await spawnWithLifeline(['redis-server', ...flags, '--dir', folder], {
      signals: { ask: 'KILL', insist: 'KILL' },
    });
    await untilReady(port, redis);
    return redis;
  });
  const own = Object.assign(server, { url: `redis://127.0.0.1:${port}`, port });
  return own;
}

async function requireBinary(context: Mocha.Context): Promise<void> {
  try {
    await promisify(execFile)('redis-server', ['--version']);
  } catch (cause) {
    const reason = 'no Redis: redis-server is not installed';
    if (isRequired()) throw new Error(`${reason}. Install it, or set TEST_REDIS_URL.`, { cause });
    skipFor(context, reason);
  }
}

async function untilReady(port: number, server: LifelineProcess): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!server.hasExited() && Date.now() < deadline) {
    if (await answersPing(port)) return;
    await sleep(20);
  }
  const output = server.output();
  await server.stop();
  throw new Error(`redis-server did not start. It wrote:\n${output.trim()}`);
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const answer = (isReady: boolean) => {
      socket.destroy();
      resolve(isReady);
    };
    socket.once('data', (data) => answer(data.toString().startsWith('+PONG')));
    socket.once('error', () => answer(false));
    socket.setTimeout(1000, () => answer(false));
  });
}
