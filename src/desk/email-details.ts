import type { Database } from '../database/database.js';
import type { EmailStatus, EmailTemplate } from '../outbox/outbox-email.js';

/** An email of the outbox as an operator sees it, without its link. */
export interface EmailDetails {
  id: number;
  status: EmailStatus;
  template: EmailTemplate;
  userId: number;
  /** The address of the user. */
  to: string;
  /** Failures of its own. */
  attempts: number;
  /** Times a relay took it without giving it back. */
  claims: number;
  lastError: string | null;
  /** A relay is publishing it just now. */
  leased: boolean;
  /** While pending: when it is due; while leased: when the lease ends. */
  nextAttemptAt: Date;
  /** In the header `event-id` of its message. */
  eventId: string;
  createdAt: Date;
  publishedAt: Date | null;
}

export interface EmailDetailsRow {
  id: string;
  status: EmailStatus;
  template: EmailTemplate;
  user_id: string;
  email: string;
  attempts: number;
  claims: number;
  last_error: string | null;
  leased: boolean;
  next_attempt_at: Date;
  event_id: string;
  created_at: Date;
  published_at: Date | null;
}

/** The columns of an `EmailDetailsRow`, of the tables `o` (emails) and `u` (users). */
export function emailDetailsColumns(database: Database): string {
  return `o.id, o.status, o.template, o.user_id, u.email, o.attempts, o.claims, o.last_error,
    o.status = 'pending' and o.lease_token is not null and o.next_attempt_at > ${database.now()} as leased,
    o.next_attempt_at, o.event_id, o.created_at, o.published_at`;
}

/** `email_outbox o` with its users `u`. */
export function emailsWithUsers(database: Database): string {
  return `${database.table('email_outbox')} o join ${database.table('users')} u on u.id = o.user_id`;
}

export function toEmailDetails(row: EmailDetailsRow): EmailDetails {
  return {
    id: Number(row.id),
    status: row.status,
    template: row.template,
    userId: Number(row.user_id),
    to: row.email,
    attempts: row.attempts,
    claims: row.claims,
    lastError: row.last_error,
    leased: row.leased,
    nextAttemptAt: row.next_attempt_at,
    eventId: row.event_id,
    createdAt: row.created_at,
    publishedAt: row.published_at,
  };
}
