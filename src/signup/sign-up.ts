import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { parentOf } from '../database/bind-model.js';
import {
  DatabaseError,
  EmailAlreadyRegisteredError,
  FluentMeetError,
  ServiceUnavailableError,
} from '../errors.js';
import { withDeadline } from '../deadline.js';
import { redeemInvite } from '../invites/redeem-invite.js';
import { describeError, maskEmailAddress } from '../logger.js';
import { publicProfile, type PublicProfile, type UserRow } from '../users/public-profile.js';
import { newToken } from '../verification/new-token.js';
import { findUserByToken } from './find-user-by-token.js';
import { insertSignUp } from './insert-sign-up.js';
import { PreparedSignUp } from './prepared-sign-up.js';

/** Milliseconds beyond one statement's own limit that a signup may take of the database: a connection is waited for. */
const databasePatience = 1_000;
/** And for the question what became of it. */
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
  const row = await writeSignUp(context, prepared, transaction);
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

/** It is committed: what fails from here on must not turn the answer into an error, nor a host's own commit. */
function announce({ logger, relay }: SignUpContext, { id, email }: UserRow): void {
  try {
    relay.wake();
  } catch (error) {
    // The next poll finds it.
    logger.warn({ event: 'relay.not-woken', error: describeError(error) }, 'The relay was not woken');
  }
  logger.info(
    { event: 'user.signed-up', userId: Number(id), email: maskEmailAddress(email) },
    'User signed up',
  );
}

/** Of a row that cannot be read (a host's trigger, say) the person still gets what was written for them. */
function profileOf(row: UserRow, prepared: PreparedSignUp): PublicProfile {
  try {
    return publicProfile(row);
  } catch {
    const { user } = PreparedSignUp.contentOf(prepared);
    return publicProfile({
      id: row.id,
      email: user.email,
      full_name: user.fullName,
      speaking_language: user.speakingLanguage,
      listening_language: user.listeningLanguage,
      is_active: true,
      is_verified: false,
      created_at: new Date(),
    });
  }
}

async function writeSignUp(
  context: SignUpContext,
  prepared: PreparedSignUp,
  outer: Transaction | undefined,
): Promise<UserRow> {
  const { user, inviteHash } = PreparedSignUp.contentOf(prepared);
  const token = newToken(context.config.secret);
  const insert = async (transaction?: Transaction): Promise<UserRow> => {
    if (inviteHash) await redeemInvite(context, inviteHash, user.email, transaction as Transaction);
    const row = await insertSignUp(context, { user, token }, transaction);
    if (!row) throw new EmailAlreadyRegisteredError();
    return row;
  };
  if (outer) return context.database.transaction(insert, outer);
  const until = performance.now() + patienceOf(context);
  try {
    const work = inviteHash ? context.database.transaction(insert, undefined, { until }) : insert();
    return await answerBy(until, work);
  } catch (error) {
    if (surelyDidNothing(error)) throw error;
    const committed = await findUserByToken(context.database, token.id, lookupPatience);
    if (!committed) throw error;
    return committed;
  }
}

/** A refusal, ours or PostgreSQL's. After anything else (no answer, one that cannot be read) it may stand there all the same. */
function surelyDidNothing(error: unknown): boolean {
  if (error instanceof ServiceUnavailableError) return !error.outcomeUnknown;
  if (error instanceof DatabaseError) return error.sqlState !== undefined;
  return error instanceof FluentMeetError;
}

function patienceOf({ config }: Context): number {
  const { databaseQueryTimeout: statement } = config;
  // 0 is no limit, and a timer of Node's goes no further than this.
  return statement === 0 ? 2 ** 31 - 1 : statement + databasePatience;
}

/**
 * The server has a limit of its own for each statement, and a transaction that is late is rolled back; this is for a
 * server that says nothing any more.
 */
function answerBy<T>(deadline: number, work: Promise<T>): Promise<T> {
  const late = (): Error => new ServiceUnavailableError('database', true);
  return withDeadline(work, deadline - performance.now(), late);
}
