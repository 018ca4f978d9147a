import type { Model, ModelStatic, WhereOptions } from 'sequelize';
import type { Context } from '../context.js';
import { mailboxKeys } from '../limits/mailbox-budget.js';
import type { Models } from '../models.js';
import { type AccountReference, findAccount, whereAccount } from './account.js';

/**
 * Every table but `users` in which something about a person stands. What is exported and what is erased both come from
 * here, so that whoever adds such a table adds it once; the compiler then asks for its words in the CLI.
 */
const tables = {
  // First, as a relay holds the counts of a mailbox before its emails: in another order two could wait for each other.
  mailbox_counts: { model: 'MailboxCount', by: 'mailbox', hidden: ['mailbox'] },
  emails: { model: 'OutboxEmail', by: 'account', hidden: ['lease_token'] },
  email_requests: { model: 'EmailRequest', by: 'account', hidden: [] },
  links: { model: 'VerificationToken', by: 'account', hidden: ['token_hash'] },
  signup_keys: { model: 'SignUpKey', by: 'account', hidden: ['key_hash', 'address_hash'] },
  invites: { model: 'Invite', by: 'address', hidden: ['token_hash'] },
} as const satisfies Record<string, PersonalTable>;

interface PersonalTable {
  model: keyof Models;
  /** What a row of it is found by. */
  by: 'account' | 'address' | 'mailbox';
  /** Columns that nobody is shown: hashes and a relay's own. */
  hidden: readonly string[];
}

export type PersonalKind = keyof typeof tables;

/** Rows of one table that are about one person. */
export interface PersonalRows {
  name: PersonalKind;
  model: ModelStatic<Model>;
  where: WhereOptions | undefined;
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

/** The rows of every such table, in one order; `where` is undefined where the person can have none. */
export function personalRows({ models, config }: Context, { account, address }: Person): PersonalRows[] {
  const by = {
    account: account ? { user_id: account.id } : undefined,
    address: address === undefined ? undefined : { email: address },
    mailbox: address === undefined ? undefined : { mailbox: mailboxKeys(config, address) },
  };
  const kinds = Object.entries(tables) as [PersonalKind, (typeof tables)[PersonalKind]][];
  return kinds.map(([name, table]) => ({
    name,
    model: models[table.model] as ModelStatic<Model>,
    where: by[table.by],
    hidden: [...table.hidden],
  }));
}
