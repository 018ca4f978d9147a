import type { Context } from '../context.js';
import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import {
  type InviteDetails,
  inviteDetailsColumns,
  type InviteDetailsRow,
  type InviteState,
  inviteState,
  toInviteDetails,
} from './invite-details.js';

/** Conditions add up. */
export interface InviteFilter {
  state?: InviteState | undefined;
  /** The address an invite is bound to. */
  email?: string | undefined;
  /** Only invites older than the one with this id: the `next` of the page before. */
  before?: number | undefined;
  /** Default 30. */
  limit?: number | undefined;
}

export interface InvitePage {
  /** Newest first. */
  invites: InviteDetails[];
  /** `before` of the next page; null when there is none. */
  next: number | null;
}

/** @throws ValidationError, ServiceUnavailableError */
export async function listInvites({ database }: Context, filter: InviteFilter = {}): Promise<InvitePage> {
  const { state, email, before, limit = 30 } = filter;
  const address = email === undefined ? undefined : canonicalEmailAddress(email);
  if (address && !address.ok) throw new ValidationError([fault('email', address.fault)]);
  const now = database.now();
  const rows = await database.query<InviteDetailsRow>(
    `select ${inviteDetailsColumns(now)} from ${database.table('invites')} i
     where ($1::bigint is null or i.id < $1) and ($2::text is null or i.email = $2)
       and ($3::text is null or ${inviteState(now)} = $3)
     order by i.id desc limit $4`,
    [before ?? null, address?.address ?? null, state ?? null, limit + 1],
  );
  const invites = rows.slice(0, limit).map(toInviteDetails);
  return { invites, next: rows.length > limit ? (invites.at(-1)?.id ?? null) : null };
}
