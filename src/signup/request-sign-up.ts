import type { RelayContext } from '../context.js';
import { maskEmailAddress } from '../logger.js';
import { newToken } from '../verification/token-value.js';
import { insertConcealedSignUp } from './insert-sign-up.js';
import { findKeyedSignUp } from './find-keyed-sign-up.js';
import { hashIdempotencyKeys, type KeyHashes } from './idempotency-key.js';
import { oncePerKey } from './once-per-key.js';
import {
  admitSignUp,
  hashSignUp,
  parseSignUp,
  type PrepareContext,
  PreparedSignUp,
} from './prepare-sign-up.js';
import type { ParsedSignUp } from './signup-input.js';
import { outcomeUnknown, surelyDidNothing, writeInTime } from './write-in-time.js';

/**
 * A signup of which nobody learns whether the address was known (`duplicates: 'conceal'`): the same hashing and the same
 * one statement for both, and the owner of a known address is told by mail, within the budget of the mailbox.
 *
 * @throws ValidationError (`VALIDATION_ERROR`), SignupClosedError (`SIGNUP_CLOSED`), InviteRequiredError
 *   (`INVITE_REQUIRED`), InviteInvalidError (`INVITE_INVALID`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function requestSignUp(
  context: PrepareContext & RelayContext,
  input: unknown,
  idempotencyKey?: string,
): Promise<void> {
  const parsed = await parseSignUp(context, input);
  if (idempotencyKey === undefined) return requestParsed(context, parsed);
  const keys = hashIdempotencyKeys(context.config, idempotencyKey, parsed.email);
  await oncePerKey<unknown>(context.config, keys[0], {
    // Without a look at the password: of a known address none was kept, and the answer must be that of a new one.
    find: async () => (await findKeyedSignUp(context, keys)) ?? undefined,
    signUp: () => requestParsed(context, parsed, keys[0]),
  });
}

async function requestParsed(
  context: PrepareContext & RelayContext,
  parsed: ParsedSignUp,
  key?: KeyHashes,
): Promise<void> {
  const { logger, relay, config } = context;
  const inviteHash = await admitSignUp(context, parsed);
  const prepared = await hashSignUp(context, parsed, inviteHash);
  const { user } = PreparedSignUp.contentOf(prepared);
  const signUp = { user, token: newToken(config.secret), key };
  const written = await writeInTime(context, prepared, (transaction) =>
    insertConcealedSignUp(context, signUp, transaction),
  ).catch((error: unknown) => {
    // A lost answer is a 503 for everybody: to look what became of it would tell.
    throw surelyDidNothing(error) ? error : outcomeUnknown(error);
  });
  const email = maskEmailAddress(user.email);
  logger.info(
    written.user_id === null
      ? { event: 'signup.address-known', email }
      : { event: 'user.signed-up', userId: Number(written.user_id), email },
    'Signup requested',
  );
  if (written.held) logger.info({ event: 'email.held', email }, 'Its mailbox has had as many as it may');
  relay.wake();
}
