import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { type Hooks, type RemovedEvent, runHook, type VerifiedEvent } from '../hooks.js';
import { type PublicProfile, publicProfile } from './public-profile.js';

type HookContext = Pick<Context, 'config' | 'database' | 'models'>;

/** The host's `onVerified`, in the transaction that verified the account. @throws HookFailedError (`HOOK_FAILED`) */
export function tellVerified(
  context: HookContext,
  userId: number | string,
  event: VerifiedEvent,
): Promise<void> {
  return tell(context, 'onVerified', context.config.hooks.onVerified, userId, event);
}

/** The host's `onRemoved`, in the transaction that removes the account, before it does. @throws HookFailedError (`HOOK_FAILED`) */
export function tellRemoved(
  context: HookContext,
  userId: number | string,
  event: RemovedEvent,
): Promise<void> {
  return tell(context, 'onRemoved', context.config.hooks.onRemoved, userId, event);
}

async function tell<Event extends { transaction: Transaction }>(
  { database, models }: HookContext,
  name: keyof Hooks,
  hook: ((account: PublicProfile, event: Event) => void | Promise<void>) | undefined,
  id: number | string,
  event: Event,
): Promise<void> {
  if (!hook) return;
  const { transaction } = event;
  const found = await models.User.findOne({ transaction, where: { id }, paranoid: false });
  if (!found) return;
  const account = publicProfile(found);
  await runHook(name, async () => {
    await hook(account, event);
    // SQL: asks no table, but whether an error that the hook caught has aborted the transaction: what follows would fail, and not say by whom.
    await database.query('select', [], transaction);
  });
}
