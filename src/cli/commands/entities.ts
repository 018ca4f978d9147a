import type { EmailDetails } from '../../desk/email-details.js';
import type { InviteDetails } from '../../invites/invite-details.js';
import type { Account, AccountReference } from '../../desk/account.js';
import type { Mask } from '../masking.js';
import { type Cell, type Style, styled } from '../output.js';

/** `12` is an id, anything else an address. */
export function accountReference(text: string): AccountReference {
  return /^\d{1,15}$/.test(text) ? { id: Number(text) } : { email: text };
}

/** What `--json` prints, in the shapes of json-shapes.ts. Addresses are masked unless `--reveal`. */

export function userJson(user: Account, mask: Mask) {
  return {
    id: user.id,
    email: mask.address(user.email),
    full_name: user.fullName,
    speaking_language: user.speakingLanguage,
    listening_language: user.listeningLanguage,
    is_active: user.isActive,
    is_verified: user.isVerified,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
    deleted_at: user.deletedAt,
  };
}

export function emailJson(email: EmailDetails, mask: Mask) {
  return {
    id: email.id,
    status: email.status,
    template: email.template,
    user_id: email.userId,
    to: mask.address(email.to),
    attempts: email.attempts,
    last_error: email.lastError,
    leased: email.leased,
    next_attempt_at: email.nextAttemptAt,
    event_id: email.eventId,
    created_at: email.createdAt,
    published_at: email.publishedAt,
  };
}

export function inviteJson(invite: InviteDetails, mask: Mask) {
  return {
    id: invite.id,
    state: invite.state,
    email: invite.email === null ? null : mask.address(invite.email),
    uses: invite.uses,
    max_uses: invite.maxUses,
    expires_at: invite.expiresAt,
    revoked_at: invite.revokedAt,
    note: invite.note,
    created_at: invite.createdAt,
  };
}

const colors: Readonly<Record<string, Style>> = {
  published: 'green',
  usable: 'green',
  pending: 'yellow',
  dead: 'red',
  revoked: 'red',
  obsolete: 'dim',
  spent: 'dim',
  expired: 'dim',
};

export function stateCell(state: string): Cell {
  return styled(colors[state] ?? 'bold', state);
}

/** What a person sees below a page that is not the last. */
export function nextPageHint(command: string, next: number): string {
  return `There are more: ${command} --before ${next}`;
}
