import { wrapDatabaseError } from './database-error.js';

/** How a model of ours is called: no value in a host's log, no CLS transaction of a host's joined, never a replica. */
export const modelCall = { logging: false, transaction: null, useMaster: true } as const;

/** @throws ServiceUnavailableError, DatabaseError instead of Sequelize's own errors, which carry the values */
export async function throughModel<T>(call: PromiseLike<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw wrapDatabaseError(error);
  }
}
