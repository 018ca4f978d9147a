import { type Includeable, literal, Op, type ProjectionAlias } from 'sequelize';
import type { Context } from '../context.js';
import type { EmailStatus, OutboxEmail } from '../outbox/outbox-email.js';
import type { EmailTemplate } from '../outbox/templates.js';
import type { User } from '../users/user.js';

/** An email of the outbox as an operator sees it, without its link. */
export interface EmailDetails {
  id: number;
  status: EmailStatus;
  template: EmailTemplate;
  user_id: number;
  /** The address of the user. */
  to: string;
  /** Failures of its own. */
  attempts: number;
  /** Times a relay took it without giving it back. */
  claims: number;
  last_error: string | null;
  /** A relay is publishing it just now. */
  leased: boolean;
  /** While held: what may not get more at present. */
  held_by: 'mailbox' | 'domain' | null;
  /** While pending or held: when it is due; while leased: when the lease ends. */
  next_attempt_at: Date;
  /** Since when it has been due, however often it was tried and given back. */
  due_at: Date;
  /** In the header `event-id` of its message. */
  event_id: string;
  created_at: Date;
  published_at: Date | null;
}

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
