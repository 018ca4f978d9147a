import type { ServiceUnavailableError } from '../errors.js';
import { sqlStateInWords } from './sql-state-in-words.js';
import { tlsInWords, type Words } from './tls-in-words.js';

/** Why the database did not do it, and what to do about it: by PostgreSQL's own code, where it gave one. */
export function unavailableInWords({ sqlState, cause, message }: ServiceUnavailableError): Words {
  const why = cause instanceof Error ? cause.message : message;
  // Of errors that are none of PostgreSQL's, the code stands before the message; of PostgreSQL's, `sqlState` has it.
  const [, code, text] = /^([A-Z][A-Z0-9_]+): ([^]*)$/.exec(why) ?? [];
  const tls = tlsInWords(sqlState ?? code, text ?? why);
  if (tls) return tls;
  const words = sqlStateInWords(sqlState, why);
  if (!words) {
    return {
      message: `the database is not available: ${why}`,
      advice: 'Is it running, and does DATABASE_URL name it? "fluentmeet doctor" looks closer.',
    };
  }
  // Of a refused connection PostgreSQL also says which user, host or database it did not like.
  if (!/^(?:28|3D|42501|55000)/.test(sqlState ?? '')) return words;
  return { ...words, message: `${words.message}: ${why.replace(/^PostgreSQL error \w+: /, '')}` };
}
