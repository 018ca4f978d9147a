import { type Includeable, literal, Op, type ProjectionAlias } from 'sequelize';
import type { Context } from '../context.js';
import type { OutboxEmail } from '../outbox/outbox-email.js';
import type { User } from '../users/user.js';

/** An email of the outbox as an operator sees it, without its link. */
export interface EmailDetails extends Pick<OutboxEmail, Column> {
  /** The address of the user. */
  to: string;
  /** A relay is publishing it just now. */
  leased: boolean;
  /** While held: what may not get more at present. */
  held_by: 'mailbox' | 'domain' | null;
  /** Since when it has been due, however often it was tried and given back. */
  due_at: Date;
}

type Column =
  | ('id' | 'status' | 'template' | 'user_id' | 'event_id' | 'created_at' | 'published_at')
  | ('attempts' | 'claims' | 'last_error' | 'next_attempt_at');

/** What `toEmailDetails` needs besides the columns: whether it is leased, and its user. */
export function withUser(
  { database, models }: Context,
  { email, domain }: { email?: string; domain?: string } = {},
): { attributes: { include: ProjectionAlias[] }; include: Includeable[] } {
  const leased = `status = 'pending' and lease_token is not null and next_attempt_at > ${database.now()}`;
  const user = { model: models.User, as: 'user', attributes: ['email'], paranoid: false, required: true };
  const where = {
    [Op.and]: [
      ...(email === undefined ? [] : [{ email }]),
      // Nothing but letters, digits, dots and hyphens is in a domain.
      ...(domain === undefined ? [] : [{ email: { [Op.endsWith]: `@${domain}` } }]),
    ],
  };
  return { attributes: { include: [[literal(leased), 'leased']] }, include: [{ ...user, where }] };
}

/** @param email read `withUser` */
export function toEmailDetails(email: OutboxEmail): EmailDetails {
  const dueAt = email.due_at ?? email.created_at;
  return {
    id: email.id,
    status: email.status,
    template: email.template,
    user_id: email.user_id,
    to: (email.get('user') as User).email,
    attempts: email.attempts,
    claims: email.claims,
    last_error: email.last_error,
    leased: email.get('leased') as boolean,
    held_by: email.status !== 'held' ? null : email.domain_hour ? 'domain' : 'mailbox',
    next_attempt_at: email.next_attempt_at,
    due_at: dueAt < email.next_attempt_at ? dueAt : email.next_attempt_at,
    event_id: email.event_id,
    created_at: email.created_at,
    published_at: email.published_at,
  };
}
