/** What an invite can still do; the first that applies, in this order. */
export type InviteState = 'revoked' | 'spent' | 'expired' | 'usable';

/** An invite as an operator sees it. Never with its token, which nobody has but its holder. */
export interface InviteDetails {
  id: number;
  state: InviteState;
  /** Canonical; null when anyone may use it. */
  email: string | null;
  uses: number;
  maxUses: number;
  expiresAt: Date;
  revokedAt: Date | null;
  note: string | null;
  createdAt: Date;
}

export interface InviteDetailsRow {
  id: string;
  state: InviteState;
  email: string | null;
  uses: number;
  max_uses: number;
  expires_at: Date;
  revoked_at: Date | null;
  note: string | null;
  created_at: Date;
}

/** The columns of an `InviteDetailsRow` of the table `i`. */
export function inviteDetailsColumns(now: string): string {
  return `i.id, i.email, i.uses, i.max_uses, i.expires_at, i.revoked_at, i.note, i.created_at, ${inviteState(now)} as state`;
}

/** SQL for the state of an invite of the table `i`. */
export function inviteState(now: string): string {
  return `case when i.revoked_at is not null then 'revoked' when i.uses >= i.max_uses then 'spent'
    when i.expires_at <= ${now} then 'expired' else 'usable' end`;
}

export function toInviteDetails(row: InviteDetailsRow): InviteDetails {
  return {
    id: Number(row.id),
    state: row.state,
    email: row.email,
    uses: row.uses,
    maxUses: row.max_uses,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    note: row.note,
    createdAt: row.created_at,
  };
}
