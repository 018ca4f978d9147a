import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

interface ProcessInfo {
  pid: number;
  parent: number;
  state: string;
}

/** Every process of this machine that we may see, zombies included. */
function listProcesses(): ProcessInfo[] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,state='], { encoding: 'utf8' })
      .trim()
      .split('\n');
    return lines.map((line) => {
      const [pid, parent, state] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), state: state!.charAt(0) };
    });
  }
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [{ pid: Number(name), parent: Number(parent), state: state! }];
    } catch {
      return []; // it ended while we looked
    }
  });
}

/** The process and its direct children, itself first. */
export function family(pid: number): number[] {
  const children = listProcesses().filter(({ parent, state }) => parent === pid && state !== 'Z');
  return [pid, ...children.map((child) => child.pid)];
}

export function isRunning(pid: number): boolean {
  return listProcesses().some((one) => one.pid === pid && one.state !== 'Z');
}

/** Sends the signal to each; those that ended meanwhile are fine. */
export function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/**
 * SIGSTOP, and waits until every thread has stopped: on a busy machine that takes a while, in which a
 * server still answers.
 */
export function freezeAll(pids: number[]): void {
  signalAll(pids, 'SIGSTOP');
  const deadline = Date.now() + 5000;
  while (!pids.every(isFrozen)) {
    if (Date.now() > deadline) throw new Error(`not frozen after 5 s: ${pids.join(', ')}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  }
}

function isFrozen(pid: number): boolean {
  if (process.platform !== 'linux') {
    return listProcesses().every((one) => one.pid !== pid || one.state === 'T');
  }
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.every((id) => /\) [TtZX]/.test(readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8')));
  } catch {
    return !isRunning(pid); // a thread or the process ended while we looked
  }
}

/** @throws Error when one of them still runs after the time */
export async function untilEnded(pids: number[], timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const running = new Set(listProcesses().flatMap(({ pid, state }) => (state === 'Z' ? [] : [pid])));
    const left = pids.filter((pid) => running.has(pid));
    if (left.length === 0) return;
    if (Date.now() > deadline) throw new Error(`still running: ${left.join(', ')}`);
    await sleep(10);
  }
}

const blocks = { first: 15_000, size: 500, count: 34 };
let own: Promise<number> | undefined;
let given = 0;

/**
 * Ports of 127.0.0.1 that nobody listens on just now, and no other run of the tests will: each has a block of its own.
 * They lie below the range from which systems take the ports of outgoing connections: those could take the port of a
 * server that is down for a moment, even the very connection that tries to reach it.
 */
export async function freePorts(count: number): Promise<number[]> {
  const block = await (own ??= ownBlock());
  const ports: number[] = [];
  while (ports.length < count) {
    given += 1;
    if (given >= blocks.size) throw new Error(`the ports from ${block} on are used up`);
    const port = block + given;
    const server = await listenOn(port);
    if (!server) continue;
    await new Promise((resolve) => server.close(resolve));
    ports.push(port);
  }
  return ports;
}

/** Its first port is listened on for as long as this process lives, so that nobody else takes the block. */
async function ownBlock(): Promise<number> {
  const start = Math.floor(Math.random() * blocks.count);
  for (let index = 0; index < blocks.count; index += 1) {
    const block = blocks.first + ((start + index) % blocks.count) * blocks.size;
    const server = await listenOn(block);
    if (server) return (server.unref(), block);
  }
  throw new Error('every block of ports is taken');
}

function listenOn(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
