import type { Transaction } from 'sequelize';
import { inTurn as inTurnAt } from '../in-turn.js';
import { clientOf, parentOf, standInFor } from './bind-model.js';

/**
 * Who may use a connection that several callers share by one transaction. PostgreSQL has but one stack of savepoints for it: to
 * release one, or roll back to it, ends all that were made since, whoever made them. So each savepoint, and each statement
 * beside them, waits for those before it, of whatever instance they are. Work in a savepoint must not wait for its own end: it
 * gets a transaction that stands in for the one that it is in, and the turns within are its own.
 */
const turns = new WeakMap<object, Promise<unknown>>();
const standIns = new WeakSet<Transaction>();

/** Runs the work once everything is over that was to be done in this transaction before. */
export function inTurn<T>(transaction: Transaction, work: () => Promise<T>): Promise<T> {
  return inTurnAt(turns, placeOf(transaction), work);
}

/** Hands the work its own stand-in, which is none any more once the work is over. */
export async function withStandIn<T>(
  transaction: Transaction,
  work: (standIn: Transaction) => Promise<T>,
): Promise<T> {
  const standIn = standInFor(transaction);
  standIns.add(standIn);
  try {
    return await work(standIn);
  } finally {
    standIns.delete(standIn);
  }
}

/** A host's own savepoints are on the same connection, and those in work of ours belong to it. */
function placeOf(transaction: Transaction): object {
  if (standIns.has(transaction)) return transaction;
  const parent = parentOf(transaction);
  return parent ? placeOf(parent) : ((clientOf(transaction) as object | undefined) ?? transaction);
}
