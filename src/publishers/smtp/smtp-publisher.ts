import type { OutgoingEmail, Publisher, PublishResult } from '../../outbox/publisher.js';
import { createMailWriter, type MailWriterOptions } from './mail-writer.js';
import { SmtpError } from './smtp-error.js';

/** The relay counts what is not answered within 30 s as failed. */
const longestCall = 25_000;
const batchPerConnection = 4;

export type SmtpPublisherOptions = MailWriterOptions;

/**
 * Publishes by mail, straight from the outbox: for hosts without Kafka. Needs nodemailer beside this package. Opens
 * nothing until the first call.
 *
 * A server that is away, refuses the log-in or the sender is an outage; what it says of one recipient, 4xx or 5xx, is
 * that email's own failure.
 *
 * @throws InvalidOptionsError
 */
export function smtpPublisher(options: SmtpPublisherOptions): Publisher {
  const writer = createMailWriter(options);

  async function publishOne(email: OutgoingEmail, signal: AbortSignal): Promise<PublishResult> {
    try {
      await writer.send(email, signal);
      return { status: 'published' };
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error;
      return error.outage ? { status: 'unavailable', error } : { status: 'rejected', error };
    }
  }

  return {
    batchSize: batchPerConnection * writer.connections,
    adopt: (setting) => writer.adopt(setting),
    async publish(emails) {
      const signal = AbortSignal.timeout(longestCall);
      const results: PublishResult[] = [];
      let outage: PublishResult | undefined;
      let next = 0;
      const work = async (): Promise<void> => {
        for (let index = next++; index < emails.length; index = next++) {
          const result = outage ?? (await publishOne(emails[index] as OutgoingEmail, signal));
          results[index] = result;
          // Those that have not begun are not tried.
          if (result.status === 'unavailable') outage = result;
        }
      };
      await Promise.all(Array.from({ length: writer.connections }, work));
      return results;
    },
    check: () => writer.check(),
    close: () => writer.close(),
  };
}
