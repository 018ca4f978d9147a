import { type RequestHandler, Router } from 'express';
import type { FluentMeet, Internals } from '../../fluentmeet.js';
import { internalsOf } from '../../fluentmeet.js';
import type { RelayState } from '../../relay/relay.js';

/** Probes come from many places at once; the database is asked this often at most, in milliseconds. */
const freshness = 1_000;

export interface Readiness {
  ready: boolean;
  database: 'reachable' | 'unreachable';
  schema: 'current' | 'behind' | 'unknown';
  /** Reported only: without Kafka signups go on, and their emails wait. */
  relay: RelayState | 'none';
}

export interface Health {
  readonly router: RequestHandler;
  /** From now on not ready, so that no new requests are sent here. */
  drain(): void;
}

/**
 * `/healthz`: this process runs. `/readyz`: it can serve, that is the database answers and has all our migrations.
 *
 * @param migrations the names that this code knows
 */
export function createHealth(fluentmeet: FluentMeet, migrations: readonly string[]): Health {
  const internals = internalsOf(fluentmeet);
  let draining = false;
  let asked = -Infinity;
  let answer: Promise<Readiness> | undefined;
  const readiness = (): Promise<Readiness> => {
    if (!answer || performance.now() - asked > freshness) {
      asked = performance.now();
      answer = askDatabase(internals, migrations);
    }
    return answer;
  };
  const router = Router();
  router.get('/healthz', (_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'ok' }));
  router.get('/readyz', async (_req, res) => {
    const { ready, ...checks } = await readiness();
    const serving = ready && !draining;
    const status = serving ? 'ready' : draining ? 'stopping' : 'not ready';
    res
      .set('Cache-Control', 'no-store')
      .status(serving ? 200 : 503)
      .json({ status, ...checks });
  });
  return {
    router,
    drain() {
      draining = true;
    },
  };
}

async function askDatabase(
  { database, relay }: Internals,
  migrations: readonly string[],
): Promise<Readiness> {
  try {
    const [row] = await database.query<{ applied: string }>(
      `select count(*) as applied from ${database.table('fluentmeet_migrations')} where name = any($1)`,
      [migrations],
    );
    const current = Number(row?.applied) === migrations.length;
    const schema = current ? 'current' : 'behind';
    return { ready: current, database: 'reachable', schema, relay: relay.state };
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
