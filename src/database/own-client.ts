import { Socket } from 'node:net';
import pg from 'pg';
import { types } from './read-values.js';

/** What is known of the connections of one pool. */
export interface ConnectionSettings extends pg.ClientConfig {
  /** For `options` of the start-up message. Unset where what is between us and the server refuses it. */
  startupOptions: string | undefined;
}

/**
 * node-postgres's client for a pool of our own. Whatever fails in its first moments, it leaves no connection behind:
 * Sequelize would forget it, open.
 *
 * @param live the clients that are not closed yet
 */
export function ownClient(settings: ConnectionSettings, live: Set<{ abandon(): void }>): typeof pg.Client {
  return class OwnClient extends pg.Client {
    readonly #socket: Socket;

    constructor() {
      const { startupOptions, options, ...config } = settings;
      const socket = new Socket();
      super({
        ...config,
        options: [options, startupOptions].filter(Boolean).join(' ') || undefined,
        types,
        stream: () => socket,
      });
      this.#socket = socket;
      live.add(this);
      this.once('end', () => live.delete(this));
      // Sequelize listens from a moment after the connection is there. What PostgreSQL says in that moment, going down,
      // would end the process.
      this.on('error', () => undefined);
    }

    /** Closes it at once, whoever waits for whatever. */
    abandon(): void {
      this.#socket.destroy();
      live.delete(this);
    }

    // Sequelize calls it with a callback alone.
    override connect(...parameters: unknown[]): never {
      const done = parameters[0] as (error?: Error) => void;
      const settled = (error?: Error): void => {
        if (error) this.abandon();
        done(error);
      };
      return (super.connect as (...parameters: unknown[]) => unknown)(settled) as never;
    }

    // The arguments are node-postgres's own overloads. Without a callback it is a question of Sequelize's on a new
    // connection, about types that it then reads in its own way: ours are read by our own table.
    override query(...parameters: unknown[]): never {
      if (typeof parameters.at(-1) !== 'function') return Promise.resolve({ rows: [] }) as never;
      return (super.query as (...parameters: unknown[]) => never)(...parameters);
    }
  };
}
