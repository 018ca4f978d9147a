import { literal, type ProjectionAlias } from 'sequelize';
import { pick } from '../pick.js';
import type { Invite } from './invite.js';

/** What an invite can still do; the first that applies, in this order. */
export type InviteState = 'revoked' | 'spent' | 'expired' | 'usable';

/** An invite as an operator sees it. Never with its token, which nobody has but its holder. */
export interface InviteDetails extends Pick<Invite, 'id' | (typeof shown)[number]> {
  state: InviteState;
}

const shown = [
  'email',
  'domain',
  'uses',
  'max_uses',
  'expires_at',
  'revoked_at',
  'note',
  'created_at',
] as const;

/** SQL for the state of an invite, by the database's clock. */
export function inviteState(now: string): string {
  return `case when revoked_at is not null then 'revoked' when uses >= max_uses then 'spent'
    when expires_at <= ${now} then 'expired' else 'usable' end`;
}

/** What `toInviteDetails` needs besides the columns. */
export function withState(now: string): { include: ProjectionAlias[] } {
  return { include: [[literal(inviteState(now)), 'state']] };
}

/** @param invite read `withState`; a new one is usable */
export function toInviteDetails(invite: Invite): InviteDetails {
  const state = (invite.get('state') as InviteState | undefined) ?? 'usable';
  return { id: invite.id, state, ...pick(invite, shown) };
}
