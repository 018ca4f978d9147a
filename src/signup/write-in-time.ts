import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { connectionPatience } from '../database/open-sequelize.js';
import { withDeadline } from '../deadline.js';
import { DatabaseError, FluentMeetError, ServiceUnavailableError } from '../errors.js';
import { redeemInvite } from '../invites/redeem-invite.js';
import { PreparedSignUp } from './prepare-sign-up.js';

/**
 * Runs the statement of a signup: alone, or in one transaction with its invite, which is redeemed first.
 *
 * @param outer the host's transaction, which has a time of its own
 * @throws InviteInvalidError (`INVITE_INVALID`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function writeInTime<T>(
  context: Context,
  prepared: PreparedSignUp,
  write: (transaction?: Transaction) => Promise<T>,
  outer?: Transaction,
): Promise<T> {
  const { database } = context;
  const { user, inviteHash } = PreparedSignUp.contentOf(prepared);
  const redeemAndWrite = async (transaction: Transaction): Promise<T> => {
    if (inviteHash) await redeemInvite(context, inviteHash, user.email, transaction);
    return write(transaction);
  };
  if (outer) return database.transaction(redeemAndWrite, outer);
  const until = performance.now() + patienceOf(context);
  return answerBy(until, inviteHash ? database.transaction(redeemAndWrite, undefined, { until }) : write());
}

function patienceOf({ config }: Context): number {
  const { databaseQueryTimeout: statement } = config;
  // 0 is no limit, and a timer of Node's goes no further than this.
  return statement === 0 ? 2 ** 31 - 1 : statement + connectionPatience(statement);
}

/**
 * The server has a limit of its own for each statement, and a transaction that is late is rolled back; this is for a
 * server that says nothing any more.
 */
function answerBy<T>(deadline: number, work: Promise<T>): Promise<T> {
  const late = (): Error => new ServiceUnavailableError('database', true);
  return withDeadline(work, deadline - performance.now(), late);
}

/** A refusal, ours or PostgreSQL's. After anything else (no answer, one that cannot be read) it may stand there all the same. */
export function surelyDidNothing(error: unknown): boolean {
  if (error instanceof ServiceUnavailableError) return !error.outcomeUnknown;
  if (error instanceof DatabaseError) return error.sqlState !== undefined;
  return error instanceof FluentMeetError;
}

/** What is answered where nobody can say what became of a statement: only a 503 is never wrong about it. */
export function outcomeUnknown(cause: unknown): ServiceUnavailableError {
  if (cause instanceof ServiceUnavailableError && cause.outcomeUnknown) return cause;
  return new ServiceUnavailableError('database', true, { cause });
}
