/** The load generator, as a worker: closed or open loop over plain sockets, to cost as little as possible itself. */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from './rounds.js';
import { answerCalls } from './worker.js';

export interface Load {
  port: number;
  path: string;
  connections: number;
  seconds: number;
  /** Ends it earlier. */
  requests?: number;
  /** Requests a second; without it each connection asks again once it is answered. */
  rate?: number;
  /** Makes addresses that no other load makes. */
  prefix: string;
  body: 'fluentmeet' | 'better-auth' | 'none';
}

export interface LoadResult {
  /** Answers a second, counted to the last one. */
  rate: number;
  answered: number;
  byStatus: Record<string, number>;
  p50: number;
  p99: number;
  most: number;
}

answerCalls({ run });

async function run(load: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const byStatus: Record<string, number> = {};
  const start = performance.now();
  const end = start + load.seconds * 1000;
  let sent = 0;

  async function ask(connection: Connection, due = performance.now()): Promise<void> {
    const status = await connection.ask(message(load, sent++, connection.client));
    // Of an open loop from the moment it was due: a server that stalls must not slow the clock down.
    latencies.push(performance.now() - due);
    byStatus[status] = (byStatus[status] ?? 0) + 1;
  }

  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => openConnection(load.port)),
  );
  if (load.rate === undefined) {
    const done = (): boolean => performance.now() >= end || sent >= (load.requests ?? Infinity);
    await Promise.all(
      connections.map(async (connection) => {
        while (!done()) await ask(connection);
      }),
    );
  } else {
    const idle = [...connections];
    const asking: Promise<void>[] = [];
    for (let due = start; due < end; due += 1000 / load.rate) {
      if (due > performance.now()) await delay(due - performance.now());
      const connection = idle.pop() ?? (await openConnection(load.port));
      asking.push(ask(connection, due).finally(() => idle.push(connection)));
    }
    await Promise.all(asking);
    connections.push(...idle.filter((one) => !connections.includes(one)));
  }
  const seconds = (performance.now() - start) / 1000;
  for (const connection of connections) connection.close();
  return {
    rate: latencies.length / seconds,
    answered: latencies.length,
    byStatus,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    most: Math.max(...latencies),
  };
}

function message({ path, body: kind, prefix }: Load, index: number, client: string): string {
  if (kind === 'none') return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const email = `${prefix}.${index}@example.com`;
  const password = 'MyStr0ngP@ss!';
  const body = JSON.stringify(
    kind === 'fluentmeet'
      ? { email, password, full_name: 'Ada Lovelace', speaking_language: 'en', listening_language: 'fr-CA' }
      : { email, password, name: 'Ada Lovelace' },
  );
  const headers = `Host: localhost\r\nX-Forwarded-For: ${client}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  return `POST ${path} HTTP/1.1\r\n${headers}\r\n\r\n${body}`;
}

interface Connection {
  /** Each is another client: one alone may not fill the queue of passwords. */
  readonly client: string;
  /** Resolves with the status of the whole answer. */
  ask(message: string): Promise<string>;
  close(): void;
}

let clients = 0;

async function openConnection(port: number): Promise<Connection> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(opening));
    opening.once('error', reject);
  });
  let answer = '';
  let settle: { resolve: (status: string) => void; reject: (error: Error) => void } | undefined;
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    answer += chunk;
    if (!isWhole(answer)) return;
    const status = answer.slice(9, 12);
    answer = '';
    settle?.resolve(status);
  });
  socket.on('error', (error) => settle?.reject(error));
  socket.on('close', () => settle?.reject(new Error('the server closed the connection')));
  const client = `10.0.${(clients >> 8) & 255}.${clients & 255}`;
  clients += 1;
  return {
    client,
    ask: (text) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        if (socket.destroyed) reject(new Error('the server closed the connection'));
        else socket.write(text);
      }),
    close: () => socket.destroy(),
  };
}

function isWhole(answer: string): boolean {
  const head = answer.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer)?.[1];
  return length === undefined ? answer.endsWith('0\r\n\r\n') : answer.length >= head + 4 + Number(length);
}
