import type { RelayContext } from '../context.js';
import { IdempotencyKeyReusedError } from '../errors.js';
import { publicProfile, type PublicProfile } from '../users/public-profile.js';
import { findKeyedSignUp } from './find-keyed-sign-up.js';
import { hashIdempotencyKeys, type KeyHashes } from './idempotency-key.js';
import { oncePerKey } from './once-per-key.js';
import { parseSignUp, type PrepareContext, prepareParsed, prepareSignUp } from './prepare-sign-up.js';
import { signUp } from './sign-up.js';

type OnceContext = PrepareContext & RelayContext;

/**
 * A whole signup. One that comes with a key may be asked for again with it, by a client that lost the answer, and gets
 * what the first one got, as long as its account is unverified. Of two at once one writes, and both get its answer.
 *
 * @throws IdempotencyKeyReusedError (`IDEMPOTENCY_KEY_REUSED`) for another address or password; what `prepareSignUp` and
 *   `signUp` throw
 */
export async function signUpOnce(
  context: OnceContext,
  input: unknown,
  key: string | undefined,
): Promise<PublicProfile> {
  if (key === undefined) return signUp(context, await prepareSignUp(context, input));
  const parsed = await parseSignUp(context, input);
  const hashes = hashIdempotencyKeys(context.config, key, parsed.email);
  return oncePerKey(context.config, hashes[0], {
    find: () => findAnswer(context, hashes, parsed.password),
    signUp: async () => signUp(context, await prepareParsed(context, parsed), { key: hashes[0] }),
  });
}

async function findAnswer(
  context: OnceContext,
  hashes: readonly KeyHashes[],
  password: string,
): Promise<PublicProfile | undefined> {
  const found = await findKeyedSignUp(context, hashes);
  // Its account was removed: a late second try must not make it anew.
  if (found?.user_id === null) throw new IdempotencyKeyReusedError();
  const user = found?.user;
  if (!user || user.is_verified || !user.is_active) return undefined;
  if (!(await context.hasher.verify(password, user.hashed_password))) throw new IdempotencyKeyReusedError();
  return publicProfile(user);
}
