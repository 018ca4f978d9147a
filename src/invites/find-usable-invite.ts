import type { Context } from '../context.js';
import { hashInvite, usableByAnyone } from './require-invite.js';

/** Whom an invite is for: an address, a domain, or anyone. */
export interface InviteFor {
  email: string | null;
  domain: string | null;
}

/** The invite with this token, where it may still be used; null for any other. @throws ServiceUnavailableError */
export async function findUsableInvite(
  { database, models }: Pick<Context, 'database' | 'models'>,
  token: string,
): Promise<InviteFor | null> {
  const where = usableByAnyone(database.now(), hashInvite(token));
  const invite = await models.Invite.findOne({ where });
  return invite && { email: invite.email, domain: invite.domain };
}
