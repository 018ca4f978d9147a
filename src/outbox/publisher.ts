import type { EmailTemplate } from './outbox-email.js';

/** The JSON value of a message on the email topic. */
export interface EmailMessage {
  to: string;
  subject: string;
  template: EmailTemplate;
  data: { full_name: string | null; verification_link?: string };
}

/** One email on its way out, in terms of no particular broker. */
export interface OutgoingEmail {
  /** The user's id: one person's emails go to one partition. */
  key: string;
  value: EmailMessage;
  /** `event-id`, by which a consumer drops repeats, and what describes the value. */
  headers: Readonly<Record<string, string>>;
}

/**
 * `rejected`: this one email's own fault, it spends an attempt. `unavailable`: nothing is wrong with the email, it
 * waits until the outage is over.
 */
export type PublishResult =
  { status: 'published' } | { status: 'rejected'; error: Error } | { status: 'unavailable'; error: Error };

/** Where the relay publishes emails. One call at a time; the relay does all retrying. */
export interface Publisher {
  /**
   * Resolves with one result per email, in their order, once each is known to be stored or refused, within seconds.
   * Throwing means `unavailable` for all of them.
   */
  publish(emails: readonly OutgoingEmail[]): Promise<readonly PublishResult[]>;
  /** Resolves if `publish` could work now. Rejects with what stands in its way. */
  check(): Promise<void>;
  close(): Promise<void>;
}
