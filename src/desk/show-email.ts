import { literal } from 'sequelize';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import type { OutboxEmail } from '../outbox/outbox-email.js';
import { verificationLink } from '../verification/verification-link.js';
import type { VerificationToken } from '../verification/verification-token.js';
import { findAccount } from './account.js';
import { type EmailDetails, toEmailDetails, withUser } from './email-details.js';

export interface ShownEmail extends EmailDetails {
  /** As its message has it; null where it would not work or another secret made it. */
  link: string | null;
  /** It would verify the account now. */
  link_works: boolean;
  link_expires_at: Date | null;
}

/** One email with its link. @throws NotFoundError (`NOT_FOUND`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
export async function showEmail(context: Context, id: number): Promise<ShownEmail> {
  const { config, models } = context;
  const email = await models.OutboxEmail.findByPk(id, withUser(context));
  if (!email) throw new NotFoundError(`There is no email ${id}. It may have been pruned.`);
  const token = await findToken(context, email);
  const user = await findAccount(context, { id: email.user_id });
  const usable = user !== null && !user.is_verified && user.is_active && user.deleted_at === null;
  const works = usable && token?.get('live') === true;
  const { verification_token_id } = email;
  const linked = { verification_token_id, token_hash: token?.token_hash ?? null, token_live: works };
  return {
    ...toEmailDetails(email),
    link: verificationLink(config, linked) ?? null,
    link_works: works,
    link_expires_at: token?.expires_at ?? null,
  };
}

async function findToken(
  { database, models }: Context,
  { verification_token_id: id }: OutboxEmail,
): Promise<VerificationToken | null> {
  if (id === null) return null;
  const live = literal(`expires_at > ${database.now()}`);
  const attributes = { include: [[live, 'live'] as [typeof live, string]] };
  return models.VerificationToken.findByPk(id, { attributes });
}
