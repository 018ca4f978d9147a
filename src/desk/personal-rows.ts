import type { Model, ModelStatic, WhereOptions } from 'sequelize';
import type { Context } from '../context.js';
import { mailboxKeys } from '../limits/mailbox-budget.js';
import { type AccountReference, findAccount, whereAccount } from './account.js';

/** Rows of one table that are about one person. */
export interface PersonalRows {
  name: 'emails' | 'email_requests' | 'links' | 'invites' | 'mailbox_counts' | 'signup_keys';
  model: ModelStatic<Model>;
  where: WhereOptions;
  /** Columns that nobody is shown: hashes and a relay's own. */
  hidden: string[];
}

export type Person = Awaited<ReturnType<typeof findPerson>>;

/**
 * One person: the account, deleted or not, without the password's hash; and what is known of them without one, the
 * canonical address, which is undefined where only an id is known, and it is nobody's.
 *
 * @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function findPerson(context: Context, reference: AccountReference) {
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
    { name: 'email_requests', model: models.EmailRequest, where: ofAccount, hidden: [] },
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
