import { createHash } from 'node:crypto';
import { getOrMake } from '../get-or-make.js';
import { driverError } from './database-error.js';

/**
 * Names for the statements that PostgreSQL parses and plans once a connection. It is worth it for the signup's alone,
 * which takes longer to plan than to carry out: without, PostgreSQL spends twice the processor time on it (1.5 ms a signup
 * instead of 0.8, `npm run bench -- signup-overhead` with its backends looked at).
 * A pooler that hands each transaction to another connection shows itself by a refusal: from then on they go without.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  #areRefused = false;

  /** Made of the statement: on a connection that others share, one name is always one statement. */
  of(sql: string): string | undefined {
    if (this.#areRefused) return undefined;
    return getOrMake(this.#names, sql, () => {
      const hash = createHash('sha256').update(sql).digest('hex');
      return `fluentmeet_${hash.slice(0, 32)}`;
    });
  }

  /** Whether this error refuses a name, before anything was carried out; no other is given out after it. */
  areRefusedBy(error: unknown): boolean {
    const isRefusal = refusals.has(driverError(error).code ?? '');
    this.#areRefused ||= isRefusal;
    return isRefusal;
  }
}

/**
 * PostgreSQL, appendix A: there is no such prepared statement; there is one already; its columns were altered since.
 */
const refusals = new Set(['26000', '42P05', '0A000']);
