import pg from 'pg';
import type { Sequelize } from 'sequelize';
import { clientSettings } from '../database/connection-string.js';
import { withDeadline } from '../deadline.js';

/** One look at a database before an instance works with it. */
export interface Probe {
  /** `host:port`, or the folder of a socket. */
  readonly place: string;
  /** Rejects, as `ask` does, with the driver's own error, which tells a wrong password from a server that is away. */
  connect(): Promise<void>;
  ask<Row extends object>(sql: string): Promise<Row | undefined>;
  end(): void;
}

/** @param timeout of connecting and of a query, in milliseconds */
export function probeDatabase(database: string | Sequelize, timeout: number, applicationName: string): Probe {
  return typeof database === 'string'
    ? probeByDriver(database, timeout, applicationName)
    : probeByHost(database, timeout);
}

function probeByDriver(connectionString: string, timeout: number, applicationName: string): Probe {
  const client = new pg.Client({
    ...clientSettings(connectionString),
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
    application_name: applicationName,
  });
  // A connection that breaks later is told of by the query.
  client.on('error', () => {});
  return {
    place: placeOf(client.host, client.port),
    async connect() {
      await client.connect();
    },
    ask: async (sql) => (await client.query(sql)).rows[0],
    end: () => void client.end().catch(() => {}),
  };
}

/** By the connections of the host's own Sequelize, which says alone how it connects. */
function probeByHost(sequelize: Sequelize, timeout: number): Probe {
  const { host = 'localhost', port = 5432 } = sequelize.config as { host?: string; port?: string | number };
  const options = { logging: false, transaction: null } as const;
  const asTheDriver = <T>(asked: Promise<T>): Promise<T> =>
    withDeadline(asked, timeout, () => new Error('timeout')).catch((error: { original?: Error }) => {
      throw error.original ?? error;
    });
  return {
    place: placeOf(host, port),
    connect: () => asTheDriver(sequelize.authenticate(options)),
    ask: async <Row extends object>(sql: string) =>
      (await asTheDriver(sequelize.query(sql, { ...options, plain: true, raw: true }))) as Row | undefined,
    end() {},
  };
}

function placeOf(host: string, port: string | number): string {
  return host.startsWith('/') ? host : `${host}:${port}`;
}
