import { withinAddressLimits } from '../outbox/address-limits.js';
import { enqueueEmail } from '../outbox/enqueue-email.js';
import { redeemInvite } from '../invites/redeem-invite.js';
import { EmailAlreadyRegisteredError } from '../errors.js';
import { admitSignUp, hashSignUp, type PrepareContext } from './prepare-sign-up.js';
import { signUp, type SignUpContext } from './sign-up.js';

/**
 * A signup of which nobody learns whether the address was known (`duplicates: 'conceal'`): the same hashing for both,
 * and the owner of a known address is told by mail, within the per-address limits.
 *
 * @throws ValidationError, SignupClosedError, InviteRequiredError, InviteInvalidError, ServiceUnavailableError
 */
export async function requestSignUp(context: PrepareContext & SignUpContext, input: unknown): Promise<void> {
  const { parsed, inviteHash } = await admitSignUp(context, input, false);
  const prepared = await hashSignUp(context, parsed, inviteHash);
  try {
    await signUp(context, prepared);
  } catch (error) {
    if (!(error instanceof EmailAlreadyRegisteredError)) throw error;
    await tellOwner(context, parsed.email, inviteHash);
  }
}

async function tellOwner(
  context: SignUpContext,
  email: string,
  inviteHash: Buffer | undefined,
): Promise<void> {
  const { database } = context;
  const enqueued = await database.transaction(async (transaction) => {
    // A new address would have used the invite up: one that can be used again would tell.
    if (inviteHash) await redeemInvite(context, inviteHash, email, transaction);
    const [user] = await database.query<{ id: string }>(
      `select id from ${database.table('users')}
       where email = $1 and is_active and deleted_at is null for no key update`,
      [email],
      transaction,
    );
    if (!user || !(await withinAddressLimits(context, user.id, transaction))) return false;
    await enqueueEmail(context, { userId: user.id, template: 'account-exists', tokenId: null }, transaction);
    return true;
  });
  if (enqueued) context.relay.wake();
}
