import pg from 'pg';
import { type Options, Sequelize } from 'sequelize';
import type { Config } from '../options.js';

/** Waiting for a connection and for one answer together stay under the 3 s within which a caller must have its 503. */
const quick = { acquire: 1400, connect: 3_000 };
/** Where statements have no time limit (migrations), nobody waits for a quick answer either. */
const patient = { acquire: 30_000, connect: 10_000 };

type PoolSettings = Pick<Config, 'databasePoolSize' | 'databaseQueryTimeout'>;

/** Options of Sequelize 6 that its types do not have. */
interface UntypedOptions {
  databaseVersion: string;
  keepDefaultTimezone: boolean;
}

/** The module's own pool. Opens nothing until the first query. */
export function openSequelize(connectionString: string, settings: PoolSettings): Sequelize {
  const timeouts = settings.databaseQueryTimeout === 0 ? patient : quick;
  const options: Options & UntypedOptions = {
    dialect: 'postgres',
    dialectModule: { ...pg, Client: SelfDiscardingClient },
    logging: false,
    // What Sequelize would otherwise ask or set on every new connection; session settings do not survive PgBouncer.
    databaseVersion: '15.0.0',
    keepDefaultTimezone: true,
    // A connection opened while passwords are being hashed waits for a thread: keep those that are there.
    pool: { max: settings.databasePoolSize, min: 0, acquire: timeouts.acquire, idle: 60_000 },
    dialectOptions: {
      application_name: 'fluentmeet',
      // Not statement_timeout and its like: PgBouncer refuses them as start-up parameters.
      query_timeout: settings.databaseQueryTimeout || undefined,
      connectionTimeoutMillis: timeouts.connect,
      keepAlive: true,
      clientMinMessages: 'ignore',
    },
  };
  return new Sequelize(connectionString, options);
}

/**
 * A connection whose answer timed out may never answer again (a half-open TCP connection, a frozen server), and
 * Sequelize would hand it out again all the same: drop it, so that the pool opens a new one.
 */
class SelfDiscardingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // Sequelize listens from a moment after the connection is there. What PostgreSQL says in that moment, going down,
    // would end the process.
    this.on('error', () => undefined);
  }

  // The arguments are node-postgres's own overloads; only the callback, always last where Sequelize calls, is of interest.
  override query(...parameters: unknown[]): never {
    const callback = parameters.at(-1);
    if (typeof callback === 'function') {
      parameters[parameters.length - 1] = (error: Error | null, result: unknown) => {
        if (error?.message === 'Query read timeout') this.#discard();
        callback(error, result);
      };
    }
    return (super.query as (...parameters: unknown[]) => never)(...parameters);
  }

  #discard(): void {
    const { stream } = (this as unknown as { connection: { stream: { destroy(error: Error): void } } })
      .connection;
    stream.destroy(new Error('The connection did not answer in time'));
  }
}
