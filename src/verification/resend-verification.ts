import type { Context } from '../context.js';
import { enqueueEmail } from '../outbox/enqueue-email.js';
import { withinAddressLimits } from '../outbox/address-limits.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import { issueToken } from './issue-token.js';
import { hashToken, parseTokenValue } from './token-value.js';

export interface ResendContext extends Context {
  readonly relay: { wake(): void };
}

/** Whose verification email is asked for again: an address, or the holder of an expired link. */
export type ResendRequest = { email: string } | { token: string };

/**
 * Enqueues a fresh verification email, one a minute and five a day per address. Resolves alike whether the address is
 * known, verified, over its limit or malformed, so that nobody learns who has an account.
 *
 * @throws ServiceUnavailableError
 */
export async function resendVerification(context: ResendContext, request: ResendRequest): Promise<void> {
  const { database, logger } = context;
  const wanted = wantedUser(request);
  if (!wanted) return;
  const enqueued = await database.transaction(async (transaction) => {
    // The lock first, the count after it: of twenty at once each sees what the one before it wrote.
    const [user] = await database.query<{ id: string }>(
      `select u.id from ${database.table('users')} u
       where ${wanted.condition(database.table('verification_tokens'))}
         and u.is_active and u.deleted_at is null and not u.is_verified
       for no key update`,
      [wanted.value],
      transaction,
    );
    if (!user || !(await withinAddressLimits(context, user.id, transaction))) return false;
    const tokenId = await issueToken(context, user.id, transaction);
    await enqueueEmail(context, { userId: user.id, template: 'verification', tokenId }, transaction);
    logger.info(
      { event: 'verification.resent', userId: Number(user.id) },
      'Verification email enqueued again',
    );
    return true;
  });
  if (enqueued) context.relay.wake();
}

interface WantedUser {
  condition: (tokensTable: string) => string;
  value: string | Buffer;
}

function wantedUser(request: ResendRequest): WantedUser | undefined {
  if ('token' in request) {
    const value = parseTokenValue(request.token);
    if (!value) return undefined;
    return {
      condition: (tokensTable) => `u.id = (select t.user_id from ${tokensTable} t where t.token_hash = $1)`,
      value: hashToken(value),
    };
  }
  const email = canonicalEmailAddress(request.email);
  return email.ok ? { condition: () => 'u.email = $1', value: email.address } : undefined;
}
