import type { ServiceUnavailableError } from '../errors.js';
import { tlsInWords } from './tls-in-words.js';

/** Why the database did not do it, and what to do about it: by PostgreSQL's own code, where it gave one. */
export function unavailableInWords({ sqlState, cause, message }: ServiceUnavailableError): {
  message: string;
  advice: string;
} {
  const why = cause instanceof Error ? cause.message : message;
  // Of errors that are none of PostgreSQL's, the code stands before the message; of PostgreSQL's, `sqlState` has it.
  const [, code, text] = /^([A-Z][A-Z0-9_]+): ([^]*)$/.exec(why) ?? [];
  const tls = tlsInWords(sqlState ?? code, text ?? why);
  if (tls) return tls;
  switch (sqlState) {
    case '25006':
      return {
        message: 'the database takes no writes (25006)',
        advice:
          'It is a standby, or was told to be read-only: let DATABASE_URL name the primary. "fluentmeet doctor" looks closer.',
      };
    case '28P01':
    case '28000':
      return {
        message: `the database refuses this user: ${why}`,
        advice: 'Fix user and password in DATABASE_URL; what is special in them is percent-encoded.',
      };
    case '3D000':
      return {
        message: `there is no such database: ${why}`,
        advice: 'Create it (createdb), or fix its name in DATABASE_URL.',
      };
    case '53100':
      return { message: "the database's disk is full (53100)", advice: 'Make room on the server.' };
    case '53300':
      return {
        message: 'the database has no connection left (53300)',
        advice: 'Close some, or raise max_connections of the server.',
      };
    case '55P03':
    case '57014':
      return {
        message: `the database took too long, and nothing was done (${sqlState})`,
        advice:
          'Something holds a lock on our tables, a change of their definition or a long transaction (pg_stat_activity names it): try again when it has ended.',
      };
    case '40001':
    case '40P01':
      return {
        message: `others changed the same rows at the same moment, and nothing was done (${sqlState})`,
        advice: 'Try again.',
      };
    case undefined:
    default:
      return {
        message: `the database is not available: ${why}`,
        advice: 'Is it running, and does DATABASE_URL name it? "fluentmeet doctor" looks closer.',
      };
  }
}
