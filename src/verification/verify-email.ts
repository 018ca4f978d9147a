import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { InvalidTokenError, TokenExpiredError, WrongPasswordError } from '../errors.js';
import { tellVerified } from '../users/account-hooks.js';
import { hashToken, parseTokenValue } from './token-value.js';

/** `verified` by this call, or already `verified` before it. */
export type VerifyResult = { status: 'verified' | 'already-verified'; userId: number };

/** What is needed beside the link (`proof: 'link-and-password'`), in the statement that verifies. */
export interface Proof {
  /** The hash that the password was compared with: of another one nothing is verified. */
  knownHash: string;
  /**
   * What takes the place of all that was stored, by its column: `terms_version` is of the terms that the prover accepted, for a
   * tick of somebody else's is none.
   */
  replace?: Readonly<Record<string, string | null>> & {
    hashed_password: string;
    terms_version: string | null;
  };
}

/**
 * Verifies the account that the token was issued for. Any link of a verified account is a success, expired ones too:
 * the person's aim is reached. Of many calls at once one makes the transition.
 *
 * @throws WrongPasswordError (`WRONG_PASSWORD`) where the proof is of an earlier password; HookFailedError (`HOOK_FAILED`) by the host's `onVerified`; InvalidTokenError also for a deleted or inactive account; TokenExpiredError, ServiceUnavailableError
 */
export async function verifyEmail(context: Context, token: unknown, proof?: Proof): Promise<VerifyResult> {
  const value = parseTokenValue(token);
  if (!value) throw new InvalidTokenError();
  const found = await transitionWithHook(context, hashToken(value), proof);
  if (!found) throw new InvalidTokenError();
  const userId = Number(found.user_id);
  if (found.verified) {
    context.logger.info({ event: 'user.verified', userId }, 'Email address verified');
    return { status: 'verified', userId };
  }
  if (found.was_verified) return { status: 'already-verified', userId };
  if (found.expired) throw new TokenExpiredError();
  // Its password was changed meanwhile.
  throw new WrongPasswordError();
}

/** A transaction only for those who have a hook: one statement needs none. */
async function transitionWithHook(
  context: Context,
  tokenHash: Buffer,
  proof: Proof | undefined,
): Promise<Transition | undefined> {
  const { database, config } = context;
  if (!config.hooks.onVerified) return transition(context, tokenHash, proof);
  return database.transaction(async (transaction) => {
    const found = await transition(context, tokenHash, proof, transaction);
    if (found?.verified) await tellVerified(context, found.user_id, { transaction, by: 'link' });
    return found;
  });
}

interface Transition {
  user_id: string;
  was_verified: boolean;
  expired: boolean;
  verified: boolean;
}

async function transition(
  { database }: Context,
  tokenHash: Buffer,
  proof: Proof | undefined,
  transaction?: Transaction,
): Promise<Transition | undefined> {
  const now = database.now();
  const { replace } = proof ?? {};
  const columns = Object.keys(replace ?? {}).map((column, index) => `${column} = $${3 + index}`);
  const replaced = replace
    ? `, ${columns.join(', ')}, terms_accepted_at = ${replace.terms_version === null ? 'null' : now}`
    : '';
  // SQL: look, lock and transition in one statement, so that of many clicks one makes it.
  const [found] = await database.query<Transition>(
    `with token as (
       select t.id, t.user_id, t.expires_at <= ${now} as expired
       from ${database.table('verification_tokens')} t where t.token_hash = $1
     ), account as (
       select u.id, u.is_verified from ${database.table('users')} u
       join token on u.id = token.user_id
       where u.is_active and u.deleted_at is null
       for no key update of u
     ), verified as (
       update ${database.table('users')} u set is_verified = true, updated_at = ${now}${replaced}
       from account, token
       where u.id = account.id and not account.is_verified and not token.expired
         ${proof ? 'and u.hashed_password = $2' : ''}
       returning u.id
     ), used as (
       update ${database.table('verification_tokens')} t set used_at = ${now}
       from token, verified where t.id = token.id
     )
     select token.user_id, token.expired, account.is_verified as was_verified,
       exists (select from verified) as verified
     from token join account on account.id = token.user_id`,
    [tokenHash, ...(proof ? [proof.knownHash] : []), ...Object.values(replace ?? {})],
    transaction,
  );
  return found;
}
