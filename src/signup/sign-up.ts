import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { withDeadline } from '../deadline.js';
import { EmailAlreadyRegisteredError, ServiceUnavailableError } from '../errors.js';
import { redeemInvite } from '../invites/redeem-invite.js';
import { maskEmailAddress } from '../logger.js';
import { publicProfile, type PublicProfile, type UserRow } from '../users/public-profile.js';
import { newToken } from '../verification/new-token.js';
import { findUserByToken } from './find-user-by-token.js';
import { insertSignUp } from './insert-sign-up.js';
import { PreparedSignUp } from './prepared-sign-up.js';

/** Milliseconds beyond one statement's own limit that all statements of a signup together may take. */
const databasePatience = 1_000;
const lookupPatience = 1_000;

export interface SignUpContext extends Context {
  readonly relay: { wake(): void };
}

export interface SignUpOptions {
  /** The host's transaction: the signup is a savepoint in it, and its email waits for the commit. */
  transaction?: Transaction | undefined;
}

/**
 * Writes a prepared signup in one transaction and wakes the relay after the commit.
 *
 * @throws EmailAlreadyRegisteredError, InviteInvalidError, ServiceUnavailableError, DatabaseError
 */
export async function signUp(
  context: SignUpContext,
  prepared: PreparedSignUp,
  { transaction }: SignUpOptions = {},
): Promise<PublicProfile> {
  const user = await writeSignUp(context, prepared, transaction);
  const announce = (): void => {
    context.logger.info(
      { event: 'user.signed-up', userId: Number(user.id), email: maskEmailAddress(user.email) },
      'User signed up',
    );
    context.relay.wake();
  };
  // Before an outer commit the relay, which reads committed rows only, would find nothing.
  if (transaction) afterOutermostCommit(transaction, announce);
  else announce();
  return publicProfile(user);
}

/** Sequelize runs a savepoint's own hooks when it is released, which is no commit yet. */
function afterOutermostCommit(transaction: Transaction, announce: () => void): void {
  const { parent } = transaction as Transaction & { parent?: Transaction | null };
  transaction.afterCommit(() => {
    if (parent) afterOutermostCommit(parent, announce);
    else announce();
  });
}

async function writeSignUp(
  context: SignUpContext,
  prepared: PreparedSignUp,
  outer: Transaction | undefined,
): Promise<UserRow> {
  const { user, inviteHash } = PreparedSignUp.contentOf(prepared);
  const deadline = performance.now() + patienceFor(context, prepared);
  const token = newToken(context.config.secret);
  const insert = async (transaction?: Transaction): Promise<UserRow> => {
    if (inviteHash) await redeemInvite(context, inviteHash, user.email, transaction as Transaction);
    const row = await insertSignUp(context, { user, token }, transaction);
    if (!row) throw new EmailAlreadyRegisteredError();
    return row;
  };
  try {
    if (outer) return await context.database.transaction(insert, outer);
    return await answerBy(deadline, inviteHash ? context.database.transaction(insert) : insert());
  } catch (error) {
    if (outer || !(error instanceof ServiceUnavailableError && error.outcomeUnknown)) throw error;
    const patience = Math.min(lookupPatience, deadline - performance.now());
    const committed = await findUserByToken(context.database, token.id, patience);
    if (!committed) throw error;
    return committed;
  }
}

/** By the default limit of 1.5 s for a statement, the caller has its 503 within 3 s, hashing apart. */
function patienceFor({ config }: Context, prepared: PreparedSignUp): number {
  const { databaseQueryTimeout: statement } = config;
  // 0 is no limit, and a timer of Node's goes no further than this.
  const most = statement === 0 ? 2 ** 31 - 1 : statement + databasePatience;
  return most - PreparedSignUp.databaseTimeOf(prepared);
}

/**
 * Waiting for a connection, for the statement and for what became of it have a time limit each, and can come together.
 * The work goes on: it may still be committed.
 */
function answerBy<T>(deadline: number, work: Promise<T>): Promise<T> {
  const late = (): Error => new ServiceUnavailableError('database', true);
  return withDeadline(work, deadline - performance.now(), late);
}
