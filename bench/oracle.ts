import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';
import type { Publisher } from '../src/outbox/publisher.js';
import { startProxy } from '../test/support/tcp-proxy.js';
import type { Bench, Row } from './bench.js';
import { authRouter, internalsOf } from './built.js';
import { benchInstance } from './instance.js';
import { median } from './rounds.js';
import { newDatabase } from './services.js';

/** Milliseconds to the database and as many back: a region away, where every round trip shows. */
const distance = 20;
const password = 'Tr0ub4dor&3 of the bench';

type Route = 'resend-verification' | 'signup';

interface Scenario {
  what: string;
  route: Route;
  /** What the known accounts are. */
  columns: string;
  /** Requests for one address at a time. */
  atOnce: number;
  /** Somebody holds the rows of the known accounts meanwhile. */
  locked?: boolean;
}

const scenarios: readonly Scenario[] = [
  { what: 'resend, not verified', route: 'resend-verification', columns: 'is_verified = false', atOnce: 1 },
  { what: 'resend, verified', route: 'resend-verification', columns: 'is_verified = true', atOnce: 1 },
  {
    what: 'resend, 10 at once, accounts locked',
    route: 'resend-verification',
    columns: 'is_verified = false',
    atOnce: 10,
    locked: true,
  },
  { what: 'conceal, not verified', route: 'signup', columns: 'is_verified = false', atOnce: 1 },
  { what: 'conceal, verified', route: 'signup', columns: 'is_verified = true', atOnce: 1 },
  {
    what: 'conceal, 10 at once, accounts locked',
    route: 'signup',
    columns: 'is_verified = false',
    atOnce: 10,
    locked: true,
  },
];

/** Whether the time of an answer tells a known address from an unknown one: nothing at an AUC of 0.5, all at 0 or 1. */
export const oracle: Bench = {
  name: 'oracle',
  async run({ quick, say }) {
    const host = await startHost();
    try {
      const rows: Row[] = [];
      for (const scenario of scenarios) {
        const { known, unknown } = await measure(host, scenario, quick ? 10 : 300);
        const auc = areaUnderCurve(known, unknown);
        rows.push({
          what: `${scenario.what}, ${known.length} each, ${distance} ms to the database and back again`,
          ours: `known ${median(known).toFixed(1)} ms`,
          against: `unknown ${median(unknown).toFixed(1)} ms`,
          ratio: `AUC ${auc.toFixed(3)}`,
          goal: '0.45 to 0.55',
          met: quick ? undefined : auc >= 0.45 && auc <= 0.55,
        });
        say(`${scenario.what}: AUC ${auc.toFixed(3)}`);
      }
      return rows;
    } finally {
      await host.stop();
    }
  },
};

type Host = Awaited<ReturnType<typeof startHost>>;

async function startHost() {
  const database = new URL(await newDatabase());
  const proxy = await startProxy({ host: database.hostname, port: Number(database.port) });
  database.hostname = '127.0.0.1';
  database.port = String(proxy.port);
  const fluentmeet = benchInstance({
    database: database.href,
    // The cheapest: what is left to see is the database's time.
    bcryptCost: 4,
    duplicates: 'conceal',
    rateLimits: { signup: 1_000_000, resend: 1_000_000 },
    publisher: publishAtOnce,
  });
  await fluentmeet.migrate();
  await fluentmeet.start();
  const app = express();
  app.set('trust proxy', 1);
  app.use(authRouter(fluentmeet));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    internals: internalsOf(fluentmeet),
    setDistance: (delayMs: number) => proxy.setMode(delayMs === 0 ? 'pass' : { delayMs }),
    /** Milliseconds until the whole answer is there. */
    async ask(route: Route, email: string, client: number): Promise<number> {
      const start = performance.now();
      const response = await fetch(`http://127.0.0.1:${port}/${route}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.0.0.${client}` },
        body: JSON.stringify({ email, password }),
      });
      await response.text();
      if (!response.ok) throw new Error(`${route} answered ${response.status}`);
      return performance.now() - start;
    },
    async stop(): Promise<void> {
      await proxy.setMode('pass');
      server.close();
      server.closeAllConnections();
      await fluentmeet.stop();
      await proxy.stop();
    },
  };
}

const publishAtOnce: Publisher = {
  publish: async (emails) => emails.map(() => ({ status: 'published' as const })),
  check: async () => undefined,
  close: async () => undefined,
};

let runs = 0;

/** In turns, so that what drifts meets both alike. Each address is asked for the first time. */
async function measure(host: Host, { route, columns, atOnce, locked }: Scenario, count: number) {
  const { database } = host.internals;
  const prefix = `run${++runs}`;
  // Of bursts as well: the requests of one share their luck, and count as one.
  const known = Array.from({ length: count }, (_, index) => `known-${prefix}-${index}@example.com`);
  const unknown = Array.from({ length: count }, (_, index) => `other-${prefix}-${index}@example.com`);
  await host.setDistance(0);
  await database.query(
    `insert into ${database.table('users')} (email, hashed_password) select unnest($1::text[]), 'x'`,
    [known],
  );
  await database.query(`update ${database.table('users')} set ${columns} where email = any($1)`, [known]);
  // Connections, plans and code are warm.
  for (let turn = 0; turn < 20; turn++) await host.ask(route, `warm-${prefix}-${turn}@example.com`, 0);
  const times = { known: [] as number[], unknown: [] as number[] };
  const ask = async (email: string, into: number[]) => {
    const answers = Array.from({ length: atOnce }, (_, client) => host.ask(route, email, client));
    into.push(...(await Promise.all(answers)));
  };
  const inTurns = async () => {
    await host.setDistance(distance);
    for (let index = 0; index < count; index++) {
      const pair = [
        () => ask(known[index] as string, times.known),
        () => ask(unknown[index] as string, times.unknown),
      ];
      for (const one of Math.random() < 0.5 ? pair : pair.toReversed()) await one();
    }
    await host.setDistance(0);
  };
  if (locked) await whileLocked(host, known, inTurns);
  else await inTurns();
  return times;
}

/** A connection of its own, which has no time limit. */
async function whileLocked(host: Host, emails: readonly string[], work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: host.internals.config.database as string });
  await client.connect();
  try {
    await client.query('begin');
    // The strongest hold there is: of the row, and of its place in the unique index.
    await client.query('delete from users where email = any($1)', [emails]);
    await work();
  } finally {
    await client.end();
  }
}

/** How often a known address took longer than an unknown one, ties counting half (Mann and Whitney's U). */
function areaUnderCurve(known: readonly number[], unknown: readonly number[]): number {
  let longer = 0;
  for (const one of known) for (const other of unknown) longer += one > other ? 1 : one === other ? 0.5 : 0;
  return longer / (known.length * unknown.length);
}
