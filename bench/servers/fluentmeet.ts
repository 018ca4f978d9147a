/** A host app with the module in it, as a worker. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';
import type { FluentMeet } from '../../src/fluentmeet.js';
import { signupPage, signupRouter, yieldHashing } from '../built.js';
import { benchInstance } from '../instance.js';
import { answerCalls } from '../worker.js';

export interface StartOptions {
  database: string;
  bcryptCost: number;
  /** Absent: a relay elsewhere publishes. */
  kafka?: { brokers: string[] };
  emailTopic?: string;
  hashConcurrency?: number;
  databaseQueryTimeout?: `${number}s`;
  challenge?: { altcha: { difficulty: number } };
  /** The event loop goes before hashing, as in `fluentmeet serve`. */
  likeServe?: boolean;
}

/** A kilobyte, and nothing that a browser would have to ask for. */
const barePage = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Sign up</title><link rel="icon" href="data:,"><h1>Sign up</h1><p>${'So many words. '.repeat(60)}</p></html>`;

let fluentmeet: FluentMeet;
let server: Server;
let database: string;

answerCalls({
  async start({ likeServe, ...options }: StartOptions): Promise<number> {
    if (likeServe) await yieldHashing();
    ({ database } = options);
    fluentmeet = benchInstance(options);
    await fluentmeet.migrate();
    await fluentmeet.start();
    const app = express();
    app.set('trust proxy', 1);
    app.use('/signup', signupRouter(fluentmeet));
    app.use('/page', signupPage(fluentmeet));
    app.get('/bare', (_req, res) => void res.type('html').send(barePage));
    app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
    server = await new Promise((resolve) => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    // The load generator keeps connections for later, and must not find them closed.
    server.keepAliveTimeout = 600_000;
    return (server.address() as AddressInfo).port;
  },
  pending: async () => (await fluentmeet.stats()).emails.pending,
  /** Milliseconds until a new connection by host name has answered its first query. */
  async connect(): Promise<number> {
    const url = Object.assign(new URL(database), { hostname: 'localhost' });
    const start = performance.now();
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query('select 1');
    const took = performance.now() - start;
    await client.end();
    return took;
  },
  /** Without the garbage, which moves a reading by tens of megabytes. Needs `--expose-gc`. */
  memory() {
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heapUsed };
  },
  /** Seconds of processor time so far. */
  cpu: () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
  async stop() {
    server.close();
    await fluentmeet.stop();
  },
});
