import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Options, Sequelize } from 'sequelize';
import type { Config } from '../options/options.js';
import { clientSettings } from './connection-string.js';
import { refusesStartup } from './database-error.js';
import { type ConnectionSettings, ownClient } from './own-client.js';
import { watchPool } from './pool-use.js';
import { isMarked, startupOptions } from './session.js';

/** Waiting for a connection and for one answer together stay under the 3 s within which a caller must have its 503. */
const acquirePatience = 1_000;
const connectPatience = 3_000;
/** For the one question of ours that no session of ours bounds. */
const firstAnswerPatience = 2_000;
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
    pool: { max: pool.databasePoolSize, min: 0, acquire: acquirePatience, idle: 60_000 },
  };
  const sequelize = new Sequelize(options);
  const poolUse = watchPool(sequelize, pool.databasePoolSize);

  async function learn(): Promise<boolean> {
    // There are no others yet: everything waits for this.
    const late = setTimeout(() => live.forEach((client) => client.abandon()), firstAnswerPatience);
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
