import { Router } from 'express';
import { type FluentMeet, type Internals, internalsOf } from '../../fluentmeet.js';
import { currentPause } from '../../outbox/relay-pause.js';
import type { RelayState } from '../../relay/relay.js';

/** Probes come from many places at once; the database is asked this often at most, in milliseconds. */
const freshness = 1_000;

export interface Readiness {
  ready: boolean;
  /** `read-only`: a standby, or one that was told to take no writes. */
  database: 'reachable' | 'read-only' | 'unreachable';
  /** `ahead`: newer than this code, which works on it. */
  schema: 'current' | 'ahead' | 'behind' | 'unknown';
  /** Reported only: without Kafka signups go on, and their emails wait. `held`: it would publish, and an operator paused all. */
  relay: RelayState | 'none' | 'held';
}

export type Health = ReturnType<typeof createHealth>;

/** `/healthz`: this process runs. `/readyz`: it can serve, that is the database takes writes and has all our migrations. */
export function createHealth(fluentmeet: FluentMeet) {
  const internals = internalsOf(fluentmeet);
  let state: 'starting' | 'started' | 'stopping' = 'starting';
  let known: readonly string[] = [];
  let asked = -Infinity;
  let answer: Promise<Readiness> | undefined;
  const readiness = (): Promise<Readiness> => {
    if (!answer || performance.now() - asked > freshness) {
      asked = performance.now();
      answer = askDatabase(internals, known);
    }
    return answer;
  };
  return {
    router: createProbes(async () => {
      // Without a word to the database, which may be what keeps us from starting or stopping.
      if (state !== 'started') return { status: state };
      const { ready, ...checks } = await readiness();
      return { status: ready ? 'ready' : 'not ready', ...checks };
    }),
    /** From now on the database is asked. @param migrations the names that this code knows */
    started(migrations: readonly string[]): void {
      known = migrations;
      if (state === 'starting') state = 'started';
    },
    /** From now on not ready, so that no new requests are sent here. */
    drain(): void {
      state = 'stopping';
    },
  };
}

/** What probes ask of a process: `/healthz` whether it runs, `/readyz` whether it is `ready`. Nobody may keep an answer. */
export function createProbes(ask: () => Promise<{ status: string }>): Router {
  const router = Router();
  router.use(['/healthz', '/readyz'], (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  router.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  router.get('/readyz', async (_req, res) => {
    const answer = await ask();
    res.status(answer.status === 'ready' ? 200 : 503).json(answer);
  });
  return router;
}

async function askDatabase(internals: Internals, migrations: readonly string[]): Promise<Readiness> {
  const { database, relay } = internals;
  try {
    const [row] = await database.query<{ applied: string; newer: string; read_only: boolean }>(
      `select count(*) filter (where name = any($1)) as applied, count(*) filter (where name <> all($1)) as newer,
         current_setting('transaction_read_only') = 'on' as read_only
       from ${database.table('fluentmeet_migrations')}`,
      [migrations],
    );
    if (row?.read_only) await touch(internals);
    const current = Number(row?.applied) === migrations.length;
    const mayBeHeld = current && (relay.state === 'running' || relay.state === 'away');
    const isHeld = mayBeHeld && (await currentPause(internals)) !== null;
    return {
      ready: current && !row?.read_only,
      database: row?.read_only ? 'read-only' : 'reachable',
      schema: current ? (Number(row?.newer) > 0 ? 'ahead' : 'current') : 'behind',
      relay: isHeld ? 'held' : relay.state,
    };
  } catch (error) {
    const reachable = (error as { code?: unknown }).code === 'DATABASE_ERROR';
    return {
      ready: false,
      database: reachable ? 'reachable' : 'unreachable',
      schema: reachable ? 'behind' : 'unknown',
      relay: relay.state,
    };
  }
}

/**
 * Writes nothing, and is refused: the refusal ends this connection, and the next question goes to whatever answers at the
 * address by then. While we are not ready nobody else's request would find that out.
 */
async function touch({ database }: Internals): Promise<void> {
  await database
    .query(`update ${database.table('users')} set is_active = is_active where false`)
    .catch(() => undefined);
}
