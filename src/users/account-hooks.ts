import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { type RemovedEvent, runHook, type VerifiedEvent } from '../hooks.js';
import { publicProfile } from './public-profile.js';

type HookContext = Pick<Context, 'config' | 'models'>;

/** The host's `onVerified`, in the transaction that verified the account. @throws HookFailedError (`HOOK_FAILED`) */
export async function tellVerified(
  context: HookContext,
  userId: number | string,
  event: VerifiedEvent,
): Promise<void> {
  const { onVerified } = context.config.hooks;
  if (!onVerified) return;
  const account = await accountIn(context, userId, event.transaction);
  if (account) await runHook('onVerified', () => onVerified(account, event));
}

/** The host's `onRemoved`, in the transaction that removes the account, before it does. @throws HookFailedError (`HOOK_FAILED`) */
export async function tellRemoved(
  context: HookContext,
  userId: number | string,
  event: RemovedEvent,
): Promise<void> {
  const { onRemoved } = context.config.hooks;
  if (!onRemoved) return;
  const account = await accountIn(context, userId, event.transaction);
  if (account) await runHook('onRemoved', () => onRemoved(account, event));
}

async function accountIn({ models }: HookContext, id: number | string, transaction: Transaction) {
  const found = await models.User.findOne({ transaction, where: { id }, paranoid: false });
  return found && publicProfile(found);
}
