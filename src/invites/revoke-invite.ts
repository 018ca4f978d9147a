import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import {
  type InviteDetails,
  inviteDetailsColumns,
  type InviteDetailsRow,
  toInviteDetails,
} from './invite-details.js';

/**
 * Ends an invite at once; the accounts made with it stay. Revoking it again changes nothing.
 *
 * @throws NotFoundError, ServiceUnavailableError
 */
export async function revokeInvite({ database, logger }: Context, id: number): Promise<InviteDetails> {
  const now = database.now();
  const [row] = await database.query<InviteDetailsRow>(
    `update ${database.table('invites')} i set revoked_at = coalesce(i.revoked_at, ${now})
     where i.id = $1 returning ${inviteDetailsColumns(now)}`,
    [id],
  );
  if (!row) throw new NotFoundError(`There is no invite ${id}.`);
  logger.info({ event: 'invite.revoked', id }, 'Invite revoked');
  return toInviteDetails(row);
}
