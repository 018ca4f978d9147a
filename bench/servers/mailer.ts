import { randomUUID } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Mailer } from '../../src/mailer/mailer.js';
import { mailTopics } from '../../src/mailer/topics.js';
import type { MailWriter } from '../../src/publishers/smtp/mail-writer.js';
import { sampleEmail } from '../../src/outbox/sample-email.js';
import { createMailer, createMailWriter, createMemorySentLog, renderEmail } from '../built.js';
import { answerCalls } from '../worker.js';

const connections = 5;
let mailer: Mailer | undefined;
let writer: MailWriter | undefined;

answerCalls({
  /** Resolves once it is a member of its group. */
  start({ brokers, topic, port }: { brokers: string[]; topic: string; port: number }) {
    return new Promise<void>((resolve) => {
      const logger = {
        debug() {},
        info: ({ event }: { event: string }) => {
          if (event === 'mailer.joined') resolve();
        },
        warn: console.error,
        error: console.error,
      };
      writer = createMailWriter({
        url: `smtp://127.0.0.1:${port}?tls=off&connections=${connections}`,
        from: 'no-reply@example.com',
      });
      mailer = createMailer({
        ...{ kafka: { brokers }, topics: mailTopics(topic), writer, logger },
        ...{ sentLog: createMemorySentLog(), maxAttempts: 10 },
      });
      mailer.start();
    });
  },
  async stop() {
    await mailer?.stop();
    await writer?.close();
    mailer = writer = undefined;
  },
  /** Seconds for as many of the same mails by nodemailer alone, written beforehand, as many at once. */
  async bare({ port, count }: { port: number; count: number }) {
    const { value, headers } = sampleEmail();
    const { subject, text, html } = renderEmail(value, {
      language: headers.language,
      expiresAt: headers['expires-at'],
    });
    const transport = createTransport({
      ...{ pool: true, host: '127.0.0.1', port, ignoreTLS: true, maxConnections: connections },
    });
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < count) {
        const to = `bare${next++}@example.com`;
        await transport.sendMail({
          ...{ from: 'FluentMeet <no-reply@example.com>', to, subject, text, html },
          messageId: `<${randomUUID()}@example.com>`,
          headers: {
            'Auto-Submitted': 'auto-generated',
            'X-Auto-Response-Suppress': 'All',
            'Content-Language': headers.language,
          },
        });
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: connections * 2 }, work));
    const seconds = (performance.now() - start) / 1000;
    transport.close();
    return seconds;
  },
});
