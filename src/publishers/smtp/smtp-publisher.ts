import type { OutgoingEmail, Publisher, PublishResult } from '../../outbox/publisher.js';
import { createMailWriter, type MailWriter, type MailWriterOptions } from './mail-writer.js';
import { SmtpError } from './smtp-error.js';

/** The relay counts what is not answered within 30 s as failed, also what was sent: by then all is cut off, and judged. */
const usualLimits = { longestCall: 25_000, lastAnswer: 29_000 };
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
  return publishBy(createMailWriter(options ?? {}));
}

/** @param limits milliseconds from a call: when what is on its way is cut off, and the last answer */
export function publishBy(
  writer: MailWriter,
  { longestCall, lastAnswer }: { longestCall: number; lastAnswer: number } = usualLimits,
): Publisher {
  async function publishOne(
    email: OutgoingEmail,
    signal: AbortSignal,
    answerBy: number,
  ): Promise<PublishResult> {
    try {
      await writer.send(email, signal, answerBy);
      return { status: 'published' };
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error;
      return error.outage ? { status: 'unavailable', error } : { status: 'rejected', error };
    }
  }

  const suspicion = (email: OutgoingEmail | undefined): number => (email ? writer.suspicion(email) : 0);

  const tooSlow = (): PublishResult => ({
    status: 'unavailable',
    error: new SmtpError('busy', 'the server is slow; the rest waits for the next time', undefined),
  });

  return {
    batchSize: batchPerConnection * writer.connections,
    adopt: (setting) => writer.adopt(setting),
    async publish(emails) {
      const signal = AbortSignal.timeout(longestCall);
      const begin = performance.now();
      const results: PublishResult[] = [];
      let outage: PublishResult | undefined;
      let slowest = 0;
      const work = async (): Promise<void> => {
        for (let index = order.shift(); index !== undefined; index = order.shift()) {
          const started = performance.now() - begin;
          // Those that have not begun are not tried; nor is one begun that would be cut off, and sent again.
          if (started + slowest > longestCall) outage ??= tooSlow();
          const result =
            outage ?? (await publishOne(emails[index] as OutgoingEmail, signal, begin + lastAnswer));
          results[index] = result;
          slowest = Math.max(slowest, performance.now() - begin - started);
          if (result.status === 'unavailable') outage = result;
        }
      };
      // Mails that may break a connection come last: the others show whether it was the mail or the server.
      const order = [...emails.keys()].toSorted((a, b) => suspicion(emails[a]) - suspicion(emails[b]));
      await Promise.all(Array.from({ length: writer.connections }, work));
      return results;
    },
    check: () => writer.check(),
    close: () => writer.close(),
  };
}
