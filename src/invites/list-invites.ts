import { literal, where } from 'sequelize';
import type { Context } from '../context.js';
import { keysetPage, type PageRequest } from '../database/keyset-page.js';
import { requireEmailAddress } from '../users/email-address.js';
import { inviteState, type InviteState, toInviteDetails, withState } from './invite-details.js';

/** Conditions add up. */
export interface InviteFilter extends PageRequest {
  state?: InviteState | undefined;
  /** The address an invite is bound to. */
  email?: string | undefined;
}

/**
 * Newest first. `next` is the `before` of the next page, or null where there is none.
 *
 * @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function listInvites({ database, models }: Context, filter: InviteFilter = {}) {
  const { state, email } = filter;
  const now = database.now();
  const { rows, next } = await keysetPage(
    models.Invite,
    filter,
    [
      email !== undefined && { email: requireEmailAddress(email) },
      state && where(literal(inviteState(now)), state),
    ],
    { attributes: withState(now) },
  );
  return { invites: rows.map(toInviteDetails), next };
}
