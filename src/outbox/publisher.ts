import type { Config } from '../options/options.js';
import type { EmailData, EmailTemplate } from './templates.js';

/** The JSON value of a message on the email topic: a union that narrows by `template`. */
export type EmailMessage = {
  [Name in EmailTemplate]: { to: string; subject: string; template: Name; data: EmailData<Name> };
}[EmailTemplate];

/** What describes a message. Times are ISO 8601 in UTC. */
export type EmailHeaders = {
  /** UUID, the same across retries: a consumer drops repeats by it. */
  'event-id': string;
  'event-type': `email.${EmailTemplate}`;
  'content-type': 'application/json';
  'schema-version': '1';
  /** The reader's, BCP 47. */
  language: string;
  /** When the email was written to the outbox. */
  'created-at': string;
  /** When its link ends, where there is a link. */
  'expires-at'?: string;
};

/** One email on its way out, in terms of no particular broker. */
export interface OutgoingEmail {
  /** The user's id: one person's emails go to one partition. */
  key: string;
  value: EmailMessage;
  headers: Readonly<EmailHeaders>;
}

/**
 * `rejected`: this one email's own fault, it spends an attempt. `unavailable`: nothing is wrong with the email, it
 * waits until the outage is over.
 */
export type PublishResult =
  { status: 'published' } | { status: 'rejected'; error: Error } | { status: 'unavailable'; error: Error };

/** Where the relay publishes emails. One call at a time; the relay does all retrying. */
export interface Publisher {
  /** Most emails in one call, where fewer than a thousand suit it: what is not answered within 30 s counts as failed. */
  readonly batchSize?: number;
  /**
   * Resolves with one result per email, in their order, once each is known to be stored or refused, within seconds.
   * An `OutageError` means `unavailable` for all of them. Anything else that is thrown, and an answer of another shape,
   * is a failure of the emails it leaves without a result.
   */
  publish(emails: readonly OutgoingEmail[]): Promise<readonly PublishResult[]>;
  /**
   * Told by the instance that publishes through it how the host's mails look: for those that write mails. That instance
   * closes it as well when it is stopped.
   *
   * @throws InvalidOptionsError where it is in use by an instance whose mails look otherwise
   */
  adopt?(setting: Pick<Config, 'brand' | 'words' | 'renderEmail'>): void;
  /** Resolves if `publish` could work now. Rejects with what stands in its way. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The simplest publisher: one email. Returning is published, whatever it returns; throwing is this email's own failure,
 * unless it throws an `OutageError`.
 */
export type PublishOne = (email: OutgoingEmail) => Promise<unknown>;

/** A publisher of a host's own, for many emails at once. */
export type PublishMany = Pick<Publisher, 'publish'> & Partial<Publisher>;

/** To be thrown by a publisher: nothing is wrong with the email, it waits (and the relay with it) until this is over. */
export class OutageError extends Error {
  /** What counts: an error of another class that carries it is an outage as well. */
  readonly outage = true;
  override readonly name = 'OutageError';
}
