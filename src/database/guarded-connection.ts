import { endsConnection } from './database-error.js';
import { types } from './read-values.js';

/** As node-postgres has it, of whatever version a host brings. */
export interface Client {
  query(
    statement: {
      name?: string;
      text: string;
      values?: unknown[] | undefined;
      types: object;
      query_timeout?: number;
    },
    done: Done,
  ): unknown;
  end(): unknown;
}

type Done = (error: Error | null, result: unknown) => void;

export interface GuardOptions {
  /** Milliseconds after which no answer will come any more; 0 waits for good. */
  patience: number;
  /** What closes it. With a host's transaction on it nothing does: it is the host's to end. */
  endsAfter: 'none' | 'fatal errors' | 'any error';
  /** The server keeps the statement prepared by it. */
  name?: string | undefined;
}

/**
 * A connection as a statement of ours uses it: the answer is read by our own table of types, waiting for it has an end,
 * and a connection that broke, or whose server can do no more for us, is closed, so that the pool opens another.
 * Sequelize asks nothing else of a connection while it runs a statement.
 */
export function guardConnection(client: Client, { patience, endsAfter, name }: GuardOptions) {
  return {
    query(text: string, ...rest: [Done] | [unknown[], Done]): void {
      const done = rest.at(-1) as Done;
      const values = rest.length > 1 ? (rest[0] as unknown[]) : undefined;
      const statement = {
        ...(name ? { name } : {}),
        text,
        values,
        types,
        ...(patience > 0 ? { query_timeout: patience } : {}),
      };
      client.query(statement, (error, result) => {
        // With a statement under way it does not say goodbye: it drops the connection.
        const ends = endsAfter === 'any error' || (endsAfter === 'fatal errors' && endsConnection(error));
        if (error && ends) void client.end();
        done(error, result);
      });
    },
  };
}
