import { literal } from 'sequelize';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { type InviteDetails, toInviteDetails, withState } from './invite-details.js';

/**
 * Ends an invite at once; the accounts made with it stay. Revoking it again changes nothing.
 *
 * @throws NotFoundError (`NOT_FOUND`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function revokeInvite(
  { database, models, logger }: Context,
  id: number,
): Promise<InviteDetails> {
  const now = database.now();
  const [revoked] = await models.Invite.update(
    { revoked_at: literal(now) },
    { where: { id, revoked_at: null } },
  );
  const invite = await models.Invite.findByPk(id, { attributes: withState(now) });
  if (!invite) throw new NotFoundError(`There is no invite ${id}.`);
  if (revoked > 0) logger.info({ event: 'invite.revoked', id }, 'Invite revoked');
  return toInviteDetails(invite);
}
