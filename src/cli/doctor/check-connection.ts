import type { Sequelize } from 'sequelize';
import { probeDatabase } from '../probe-database.js';
import { sqlStateInWords } from '../sql-state-in-words.js';
import { tlsInWords } from '../tls-in-words.js';
import { fail, type Finding, ok, unreachable, warn } from './finding.js';

const deadline = 4_000;
/** Milliseconds by which the clocks may differ. */
const tolerable = 2_000;
const serious = 60_000;

/**
 * Connects as the module does, and looks at the server's version and clock. By the driver alone, whose errors tell a
 * wrong password from a server that is away, or by the host's own Sequelize; what it connects with is in none of the messages.
 *
 * @param now this machine's clock, in milliseconds
 */
export async function checkConnection(
  database: string | Sequelize,
  now: () => number = Date.now,
): Promise<Finding[]> {
  const probe = probeDatabase(database, deadline, 'fluentmeet doctor');
  const { place } = probe;
  try {
    await probe.connect();
    const asked = now();
    // As text that no setting of a session shapes: a time would come in the database's `DateStyle`.
    const row = await probe.ask<Server>(
      `select current_setting('server_version') as version, current_setting('server_version_num') as number, current_database() as name,
         (extract(epoch from clock_timestamp()) * 1000)::text as clock`,
    );
    const answered = now();
    if (!row) throw new Error('no answer');
    return [checkVersion(row, place), checkClock(Number(row.clock), asked, answered)];
  } catch (error) {
    return [connectionFinding(error as NodeJS.ErrnoException, place)];
  } finally {
    probe.end();
  }
}

interface Server {
  version: string;
  number: string;
  name: string;
  clock: string;
}

/** Older ones than 15 are not tried: some may work. */
export function checkVersion({ version, number, name }: Omit<Server, 'clock'>, place: string): Finding {
  const advice = 'Use version 15 or newer.';
  if (Number(number) < 130_000) return fail('database', `PostgreSQL ${version} is too old`, advice);
  const answers = `PostgreSQL ${version} at ${place} answers: database ${name}`;
  return Number(number) < 150_000
    ? warn('database', `${answers}, in a version that is not supported`, advice)
    : ok('database', answers);
}

function checkClock(theirs: number, asked: number, answered: number): Finding {
  // It was read at some moment in between.
  const difference = theirs < asked ? asked - theirs : Math.max(0, theirs - answered);
  const seconds = `${(difference / 1000).toFixed(1)} s`;
  if (difference <= tolerable) return ok('clock', 'this machine and the database agree to within 2 s');
  const message = `this machine is ${seconds} ${theirs < asked ? 'ahead of' : 'behind'} the database`;
  const advice = 'Let both keep time by NTP. Links and retries go by the clock of the database.';
  return difference > serious ? fail('clock', message, advice) : warn('clock', message, advice);
}

function connectionFinding({ code, message }: NodeJS.ErrnoException, place: string): Finding {
  const found = (text: string, advice: string): Finding => unreachable('database', text, advice);
  const words = tlsInWords(code, message) ?? sqlStateInWords(code, message);
  if (words) return found(words.message, words.advice);
  switch (code ?? '') {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return found(`nothing listens at ${place}`, 'Start PostgreSQL, or fix host and port in DATABASE_URL.');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return found(`the host of ${place} is not known`, 'Fix the host in DATABASE_URL, or the name service.');
    default:
      return found(
        /timeout/i.test(message)
          ? `no answer from ${place} within ${deadline / 1000} s`
          : `${code ?? ''} ${message}`.trim(),
        'See whether the server runs, and whether a firewall or its TLS settings stand in the way.',
      );
  }
}
