import { literal, where } from 'sequelize';
import type { Context } from '../context.js';
import { keysetPage, type PageRequest } from '../database/keyset-page.js';
import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import {
  type InviteDetails,
  inviteState,
  type InviteState,
  toInviteDetails,
  withState,
} from './invite-details.js';

/** Conditions add up. */
export interface InviteFilter extends PageRequest {
  state?: InviteState | undefined;
  /** The address an invite is bound to. */
  email?: string | undefined;
}

export interface InvitePage {
  /** Newest first. */
  invites: InviteDetails[];
  /** `before` of the next page; null when there is none. */
  next: number | null;
}

/** @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
export async function listInvites(
  { database, models }: Context,
  filter: InviteFilter = {},
): Promise<InvitePage> {
  const { state, email } = filter;
  const address = email === undefined ? undefined : canonicalEmailAddress(email);
  if (address && !address.ok) throw new ValidationError([fault('email', address.fault)]);
  const now = database.now();
  const { rows, next } = await keysetPage(
    models.Invite,
    filter,
    [address && { email: address.address }, state && where(literal(inviteState(now)), state)],
    { attributes: withState(now) },
  );
  return { invites: rows.map(toInviteDetails), next };
}
