import type { Words } from './tls-in-words.js';

/**
 * What PostgreSQL did not do, and what to do about it, by its code alone: of whatever a connection or a statement can end
 * with that somebody can put right. Undefined for any other.
 *
 * @param message the driver's, for what has no code
 */
export function sqlStateInWords(code = '', message = ''): Words | undefined {
  if (message.includes('client password must be')) {
    return {
      message: 'the server wants a password, and DATABASE_URL has none',
      advice:
        'Write it there, postgres://user:password@host/database; what is special in it is percent-encoded.',
    };
  }
  switch (code) {
    case '25006':
      return {
        message: 'the database takes no writes (25006)',
        advice:
          'It is a standby, or was told to be read-only: let DATABASE_URL name the primary. "fluentmeet doctor" looks closer.',
      };
    case '28P01':
      return {
        message: 'wrong password (28P01)',
        advice: 'Fix user and password in DATABASE_URL; what is special in them is percent-encoded.',
      };
    case '28000':
      return {
        message: 'the database refuses this user (28000)',
        advice: 'Fix the user in DATABASE_URL, or pg_hba.conf of the server.',
      };
    case '3D000':
      return {
        message: 'there is no such database (3D000)',
        advice: 'Create it (createdb), or fix its name in DATABASE_URL.',
      };
    case '53100':
      return { message: "the database's disk is full (53100)", advice: 'Make room on the server.' };
    case '53300':
      return {
        message: 'the database has no connection left (53300)',
        advice:
          'Close some, or raise what is used up: max_connections of the server, or the connection limit of the role or database.',
      };
    case '55000':
      return {
        message: 'the database accepts no connections (55000)',
        advice: 'Somebody closed it: alter database … allow_connections true.',
      };
    case '42501':
      return {
        message: 'the database does not let this user connect (42501)',
        advice: 'Grant it: grant connect on database … to …; or fix the user in DATABASE_URL.',
      };
    case '55P03':
    case '57014':
      return {
        message: `the database took too long, and undid what it was at (${code})`,
        advice:
          'Something holds a lock on our tables, a change of their definition or a long transaction (pg_stat_activity names it): try again when it has ended.',
      };
    case '57P03':
      return {
        message: 'the database is starting up or shutting down (57P03)',
        advice: 'Try again in a moment.',
      };
    case '40001':
    case '40P01':
      return {
        message: `others changed the same rows at the same moment, and what it was at is undone (${code})`,
        advice: 'Try again.',
      };
    default:
      return undefined;
  }
}
