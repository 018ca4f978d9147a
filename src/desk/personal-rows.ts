import type { Model, ModelStatic, WhereOptions } from 'sequelize';
import type { Context } from '../context.js';
import { mailboxKeys } from '../outbox/mailbox-budget.js';
import { type AccountReference, findAccount, whereAccount } from './account.js';
import type { User } from '../users/user.js';

/** One person: the account, deleted or not, and what is known of them without one. */
export interface Person {
  /** Without the password's hash. */
  account: User | null;
  /** Canonical; undefined where only an id is known, and it is nobody's. */
  address: string | undefined;
}

/** Rows of one table that are about one person. */
export interface PersonalRows {
  name: 'emails' | 'links' | 'invites' | 'mailbox_counts' | 'signup_keys';
  model: ModelStatic<Model>;
  where: WhereOptions;
  /** Columns that nobody is shown: hashes and a relay's own. */
  hidden: string[];
}

/** @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
export async function findPerson(context: Context, reference: AccountReference): Promise<Person> {
  const account = await findAccount(context, reference);
  const known = account ?? whereAccount(reference);
  return { account, address: 'email' in known ? known.email : undefined };
}

/**
 * Every table but `users` in which something about a person stands. What is exported and what is erased both come from
 * here, so that whoever adds such a table adds it once.
 */
export function personalRows({ models, config }: Context, { account, address }: Person): PersonalRows[] {
  const ofAccount = account ? { user_id: account.id } : undefined;
  const rows = [
    { name: 'emails', model: models.OutboxEmail, where: ofAccount, hidden: ['lease_token'] },
    { name: 'links', model: models.VerificationToken, where: ofAccount, hidden: ['token_hash'] },
    {
      name: 'signup_keys',
      model: models.SignUpKey,
      where: ofAccount,
      hidden: ['key_hash', 'address_hash'],
    },
    { name: 'invites', model: models.Invite, where: address && { email: address }, hidden: ['token_hash'] },
    {
      name: 'mailbox_counts',
      model: models.MailboxCount,
      where: address && { mailbox: mailboxKeys(config, address) },
      hidden: ['mailbox'],
    },
  ];
  return rows.filter(({ where }) => where) as PersonalRows[];
}
