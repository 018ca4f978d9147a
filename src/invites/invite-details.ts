import { literal, type ProjectionAlias } from 'sequelize';
import type { Invite } from './invite.js';

/** What an invite can still do; the first that applies, in this order. */
export type InviteState = 'revoked' | 'spent' | 'expired' | 'usable';

/** An invite as an operator sees it. Never with its token, which nobody has but its holder. */
export interface InviteDetails {
  id: number;
  state: InviteState;
  /** Canonical; null when anyone may use it. */
  email: string | null;
  /** Canonical; null when addresses of any domain may use it. */
  domain: string | null;
  uses: number;
  max_uses: number;
  expires_at: Date;
  revoked_at: Date | null;
  note: string | null;
  created_at: Date;
}

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
  return {
    id: invite.id,
    state: (invite.get('state') as InviteState | undefined) ?? 'usable',
    email: invite.email,
    domain: invite.domain,
    uses: invite.uses,
    max_uses: invite.max_uses,
    expires_at: invite.expires_at,
    revoked_at: invite.revoked_at,
    note: invite.note,
    created_at: invite.created_at,
  };
}
