import { setTimeout as delay } from 'node:timers/promises';
import type { Sequelize } from 'sequelize';
import { probeDatabase } from './probe-database.js';

/** Of `--wait`, in milliseconds. */
export const defaultWait = 30_000;

const probeTimeout = 3_000;
const pause = 500;

export interface Patience {
  /** How long to wait, in milliseconds. */
  wait: number;
  /** Ends the waiting. */
  signal?: AbortSignal;
  /** Called once, where there is something to wait for. `code` is PostgreSQL's or the operating system's. */
  onWait: (code: string) => void;
}

/**
 * Waits while nobody answers at the database's address or PostgreSQL is starting up, as it is when everything starts at
 * once. Resolves in any case: whoever connects next finds out what is left in the way, a wrong password at once.
 */
export async function waitForDatabase(
  database: string | Sequelize,
  { wait, signal, onWait }: Patience,
): Promise<void> {
  const deadline = performance.now() + wait;
  for (let tries = 1; performance.now() < deadline && !signal?.aborted; tries++) {
    const code = await whyAway(database);
    if (code === undefined) return;
    if (tries === 1) onWait(code);
    await delay(Math.min(pause, Math.max(0, deadline - performance.now())), undefined, { signal }).catch(
      () => undefined,
    );
  }
}

async function whyAway(database: string | Sequelize): Promise<string | undefined> {
  const probe = probeDatabase(database, probeTimeout, 'fluentmeet');
  try {
    await probe.connect();
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) return /timeout|terminated unexpectedly/i.test(message) ? 'no answer' : undefined;
    return isAway(code) ? code : undefined;
  } finally {
    probe.end();
  }
}

/** PostgreSQL's class 08 is a pooler's without its server; 57P01 to 57P03: going down, or not up yet; 55000: closed for a while. */
function isAway(code: string): boolean {
  return (
    /^(08...|55000|57P0[123])$/.test(code) ||
    /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTDOWN|EHOSTUNREACH|ENETDOWN|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/.test(
      code,
    )
  );
}
