import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Options, Sequelize } from 'sequelize';
import type { Config } from '../options/options.js';
import { clientSettings } from './connection-string.js';
import { refusesStartup } from './database-error.js';
import { type ConnectionSettings, ownClient } from './own-client.js';
import { watchPool } from './pool-use.js';
import { isMarked, startupOptions } from './session.js';

/**
 * How long a statement waits for a connection of the pool, opened or freed, in milliseconds. Together with one answer it
 * stays under the 3 s within which a caller must have its 503; who has more patience with the answer has it here as well,
 * as an operator's command a continent away from its database.
 *
 * @param queryTimeout of one statement, milliseconds; 0 is no limit
 */
export function connectionPatience(queryTimeout: number): number {
  return queryTimeout === 0 ? 30_000 : Math.max(1_000, queryTimeout / 2);
}

const connectPatience = 3_000;
/** How long connections may take over saying goodbye. */
const closePatience = 1_000;

type PoolSettings = Pick<Config, 'databasePoolSize' | 'databaseQueryTimeout'>;

/** Options of Sequelize 6 that its types do not have. */
interface UntypedOptions {
  databaseVersion: string;
  keepDefaultTimezone: boolean;
}

export type OwnSequelize = ReturnType<typeof openSequelize>;

/** The module's own pool. Opens nothing until the first query. */
export function openSequelize(connectionString: string, pool: PoolSettings) {
  const patience = connectionPatience(pool.databaseQueryTimeout);
  const settings: ConnectionSettings = {
    ...clientSettings(connectionString),
    application_name: 'fluentmeet',
    connectionTimeoutMillis: connectPatience,
    keepAlive: true,
    startupOptions: startupOptions(pool.databaseQueryTimeout),
  };
  const live = new Set<{ abandon(): void }>();
  const options: Options & UntypedOptions = {
    dialect: 'postgres',
    dialectModule: { ...pg, Client: ownClient(settings, live) },
    logging: false,
    // What Sequelize would otherwise ask or set on every new connection.
    databaseVersion: '15.0.0',
    keepDefaultTimezone: true,
    dialectOptions: { clientMinMessages: 'ignore' },
    // A connection opened while passwords are being hashed waits for a thread: keep those that are there.
    pool: { max: pool.databasePoolSize, min: 0, acquire: patience, idle: 60_000 },
  };
  const sequelize = new Sequelize(options);
  const poolUse = watchPool(sequelize, pool.databasePoolSize);

  async function learn(): Promise<boolean> {
    // No session of ours bounds this one. There are no other connections yet: everything waits for it.
    const late = setTimeout(() => live.forEach((client) => client.abandon()), 2 * patience);
    try {
      const [rows] = await sequelize.query(isMarked, { transaction: null, logging: false });
      return (rows[0] as { marked: boolean | null }).marked === true;
    } catch (error) {
      if (!refusesStartup(error)) throw error;
      // A pooler that has no use for it (PgBouncer). Connections without it find out by themselves what else is wrong.
      settings.startupOptions = undefined;
      return false;
    } finally {
      clearTimeout(late);
    }
  }
  let learned: Promise<boolean> | undefined;

  return {
    sequelize,
    poolUse,
    /** Whether every connection starts with a session of ours. Asks once, with the first connection. */
    startsPrepared(): Promise<boolean> {
      learned ??= learn().catch((error: unknown) => {
        learned = undefined;
        throw error;
      });
      return learned;
    },
    /** Ends, whatever the server does. */
    async close(): Promise<void> {
      const closed = sequelize.close();
      closed.catch(() => undefined);
      await Promise.race([closed, delay(closePatience, undefined, { ref: false })]);
      for (const client of live) client.abandon();
    },
  };
}
