import type { Transaction } from 'sequelize';
import type { Context, RelayContext } from '../context.js';
import { withDeadline } from '../deadline.js';
import { parentOf } from '../database/bind-model.js';
import { EmailAlreadyRegisteredError } from '../errors.js';
import { maskEmailAddress } from '../logger.js';
import { publicProfile, type PublicProfile, type UserRow } from '../users/public-profile.js';
import type { User } from '../users/user.js';
import { newToken } from '../verification/token-value.js';
import type { KeyHashes } from './idempotency-key.js';
import { type InsertedUser, insertSignUp } from './insert-sign-up.js';
import { PreparedSignUp } from './prepare-sign-up.js';
import { outcomeUnknown, surelyDidNothing, writeInTime } from './write-in-time.js';

/** Milliseconds for the question what became of a signup without an answer. */
const lookupPatience = 1_000;

export interface SignUpOptions {
  /** The host's transaction: the signup is a savepoint in it, and its email waits for the commit. */
  transaction?: Transaction | undefined;
}

interface WriteOptions extends SignUpOptions {
  /** Kept with the signup, so that it can be asked for again. */
  key?: KeyHashes | undefined;
}

/** Of one whose answer was lost, nobody asks whether its email waits. */
type WrittenUser = UserRow & { held?: boolean };

/**
 * Writes a prepared signup in one transaction and wakes the relay after the commit.
 *
 * @throws EmailAlreadyRegisteredError, InviteInvalidError, ServiceUnavailableError, DatabaseError
 */
export async function signUp(
  context: RelayContext,
  prepared: PreparedSignUp,
  { transaction, key }: WriteOptions = {},
): Promise<PublicProfile> {
  const row = await writeSignUp(context, prepared, key, transaction);
  // Before an outer commit the relay, which reads committed rows only, would find nothing.
  if (transaction) afterOutermostCommit(transaction, () => announce(context, row));
  else announce(context, row);
  return profileOf(row, prepared);
}

/** Sequelize runs a savepoint's own hooks when it is released, which is no commit yet. */
function afterOutermostCommit(transaction: Transaction, work: () => void): void {
  const parent = parentOf(transaction);
  transaction.afterCommit(() => {
    if (parent) afterOutermostCommit(parent, work);
    else work();
  });
}

function announce({ logger, relay }: RelayContext, { id, email, held }: WrittenUser): void {
  relay.wake();
  logger.info(
    { event: 'user.signed-up', userId: Number(id), email: maskEmailAddress(email) },
    'User signed up',
  );
  if (held) {
    logger.info(
      { event: 'email.held', userId: Number(id) },
      'Its mailbox has had as many as it may: the email waits',
    );
  }
}

/** Of a row that cannot be read (a host's trigger, say) the person still gets what was written for them. */
function profileOf(row: UserRow, prepared: PreparedSignUp): PublicProfile {
  try {
    return publicProfile(row);
  } catch {
    const { user } = PreparedSignUp.contentOf(prepared);
    return publicProfile({
      ...user,
      id: row.id,
      is_active: true,
      is_verified: false,
      created_at: new Date(),
    });
  }
}

async function writeSignUp(
  context: RelayContext,
  prepared: PreparedSignUp,
  key: KeyHashes | undefined,
  outer: Transaction | undefined,
): Promise<WrittenUser> {
  const { user } = PreparedSignUp.contentOf(prepared);
  const token = newToken(context.config.secret);
  const insert = async (transaction?: Transaction): Promise<InsertedUser> => {
    const row = await insertSignUp(context, { user, token, key }, transaction);
    if (!row) throw new EmailAlreadyRegisteredError();
    return row;
  };
  try {
    return await writeInTime(context, prepared, insert, outer);
  } catch (error) {
    if (outer || surelyDidNothing(error)) throw error;
    const committed = await findUserByToken(context, token.id).catch(() => {
      throw outcomeUnknown(error);
    });
    if (!committed) throw error;
    return committed;
  }
}

/**
 * Whether a commit whose answer was lost took place: looks for the token that only it can have written. A blind retry
 * would answer 409 to the person who just signed up. Undefined where it did not.
 *
 * @throws where the database cannot say, or not in time
 */
async function findUserByToken({ models }: Context, tokenId: string): Promise<User | undefined> {
  const lookup = models.VerificationToken.findOne({
    where: { id: tokenId },
    include: [{ model: models.User, as: 'user', paranoid: false }],
  });
  return (await withDeadline(lookup, lookupPatience, 'looking for the signup'))?.user;
}
