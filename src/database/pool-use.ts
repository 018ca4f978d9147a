import type { Sequelize } from 'sequelize';

/** How a pool of the module's own is used at this moment. */
export interface PoolUse {
  /** Connections that a statement or a transaction holds. */
  readonly used: number;
  /** Statements and transactions that wait for one. */
  readonly waiting: number;
  /** The most that there may be. */
  readonly most: number;
}

/** Counts at the doors of the pool: its own figures are private to Sequelize. */
export function watchPool(sequelize: Sequelize, most: number): () => PoolUse {
  const { connectionManager: manager } = sequelize;
  const held = new Set<object>();
  let waiting = 0;
  const get = manager.getConnection.bind(manager);
  const release = manager.releaseConnection.bind(manager);
  const destroy = manager.destroyConnection.bind(manager);
  manager.getConnection = async (options) => {
    waiting += 1;
    try {
      const connection = await get(options);
      held.add(connection);
      return connection;
    } finally {
      waiting -= 1;
    }
  };
  manager.releaseConnection = (connection) => {
    held.delete(connection);
    release(connection);
  };
  manager.destroyConnection = (connection) => {
    held.delete(connection);
    return destroy(connection);
  };
  return () => ({ used: held.size, waiting, most });
}
