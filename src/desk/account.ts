import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { NotFoundError, ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import { requireEmailAddress } from '../users/email-address.js';
import type { User } from '../users/user.js';

/** Which account is meant: by its address in any spelling, or by its id. */
export type AccountReference = { email: string } | { id: number };

/** How an operator reads accounts: never with the password's hash. */
export const accountAttributes = { exclude: ['hashed_password'] };

/** Null where there is none, deleted ones included. @throws ValidationError, ServiceUnavailableError */
export async function findAccount(
  { models }: Context,
  reference: AccountReference,
  transaction?: Transaction,
): Promise<User | null> {
  const where = whereAccount(reference);
  return models.User.findOne({
    where,
    attributes: accountAttributes,
    paranoid: false,
    transaction: transaction ?? null,
  });
}

/** The same, and an error where there is none. @throws NotFoundError (`NOT_FOUND`) also for a deleted one, and as above */
export async function requireAccount(
  context: Context,
  reference: AccountReference,
  transaction?: Transaction,
): Promise<User> {
  const account = await findAccount(context, reference, transaction);
  if (!account || account.deleted_at) throw new NotFoundError('There is no such account.');
  return account;
}

/** The same reference with the address in its canonical form. @throws ValidationError (`VALIDATION_ERROR`) */
export function whereAccount(reference: AccountReference): AccountReference {
  const { id, email } = Object(reference) as { id?: unknown; email?: unknown };
  if (id !== undefined) {
    if (!Number.isSafeInteger(id)) throw new ValidationError([fault('id', 'NUMBER_OUT_OF_RANGE')]);
    return { id: id as number };
  }
  if (typeof email !== 'string') throw new ValidationError([fault('email', 'EMAIL_MISSING')]);
  return { email: requireEmailAddress(email) };
}
