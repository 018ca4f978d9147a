import { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { heldAccount } from '../database/database-error.js';
import { NotFoundError } from '../errors.js';
import { tellRemoved } from '../users/account-hooks.js';
import type { AccountReference } from './account.js';
import { logAct } from './log-act.js';
import { findPerson, type Person, type PersonalKind, personalRows } from './personal-rows.js';

/** How many rows went, or would go. */
export type ErasedRows = { accounts: number } & Record<PersonalKind, number>;

/**
 * Removes everything kept about one person in one transaction: the account, deleted or not, with its emails and links,
 * invites for the address, and the counts of mails to the mailbox. The address is free again. What a relay has handed
 * over already is not ours to take back. With `dryRun` they are counted, and stay.
 *
 * @throws NotFoundError (`NOT_FOUND`) where nothing is kept; AccountHeldError (`ACCOUNT_HELD`) where rows of the host's
 *   refer to the account; HookFailedError (`HOOK_FAILED`) by the host's `onRemoved`; ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function eraseUser(
  context: Context,
  reference: AccountReference,
  { dryRun = false } = {},
): Promise<ErasedRows> {
  const person = await findPerson(context, reference);
  const erased = await eraseInTransaction(context, person, dryRun);
  if (Object.values(erased).every((count) => count === 0)) {
    throw new NotFoundError('Nothing is kept about this person.');
  }
  if (!dryRun) {
    const userId = person.account?.id ?? null;
    logAct(context, 'user-erased', 'Erased what was kept about a person', { userId, ...erased });
  }
  return erased;
}

async function eraseInTransaction(context: Context, person: Person, dryRun: boolean): Promise<ErasedRows> {
  try {
    return await context.database.transaction((transaction) => erase(context, person, dryRun, transaction));
  } catch (error) {
    // Of the commit as well: a foreign key may be deferred until then.
    throw heldAccount(error);
  }
}

async function erase(
  context: Context,
  person: Person,
  dryRun: boolean,
  transaction: Transaction,
): Promise<ErasedRows> {
  const { models } = context;
  const call = { transaction };
  if (person.account && !dryRun) {
    // First, as whoever verifies or removes it: in another order two would wait for each other.
    const { id } = person.account;
    await models.User.findOne({
      ...call,
      where: { id },
      paranoid: false,
      raw: true,
      lock: Transaction.LOCK.UPDATE,
    });
    await tellRemoved(context, person.account.id, { transaction, by: 'erasure' });
  }
  const rows = {} as Record<PersonalKind, number>;
  for (const { name, model, where } of personalRows(context, person)) {
    if (!where) rows[name] = 0;
    else rows[name] = await (dryRun ? model.count({ ...call, where }) : model.destroy({ ...call, where }));
  }
  if (!person.account) return { accounts: 0, ...rows };
  const where = { id: person.account.id };
  const accounts = dryRun ? 1 : await models.User.destroy({ ...call, where, force: true });
  return { accounts, ...rows };
}
