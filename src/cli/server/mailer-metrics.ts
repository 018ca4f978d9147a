import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Mailer } from '../../mailer/mailer.js';
import type { MailerCounts } from '../../mailer/settle-outcome.js';

type Observed = Pick<Mailer, 'counts' | 'waiting' | 'kafka' | 'smtp'>;

const results: Readonly<Record<keyof MailerCounts, string>> = {
  sent: 'accepted by the server',
  again: 'of those, perhaps for the second time',
  repeated: 'not sent, for they were before',
  deferred: 'to be tried again',
  dead: 'never sent',
};

export function countMails(registry: Registry) {
  const registers = [registry];
  let mailer: Observed | undefined;
  const meanings = Object.entries(results).map(([name, meaning]) => `${name} (${meaning})`);
  const mails = new Counter({
    name: 'fluentmeet_mails_total',
    help: `Messages by what became of them: ${meanings.join(', ')}.`,
    labelNames: ['result'],
    collect() {
      mails.reset();
      for (const result of Object.keys(results) as (keyof MailerCounts)[]) {
        mails.inc({ result }, mailer?.counts[result] ?? 0);
      }
    },
    registers,
  });
  const waiting = new Gauge({
    name: 'fluentmeet_mails_waiting',
    help: "Messages of this mailer's partitions that are not done with; NaN while Kafka is away.",
    async collect() {
      waiting.set((await mailer?.waiting().catch(() => Number.NaN)) ?? 0);
    },
    registers,
  });
  const sending = new Gauge({
    name: 'fluentmeet_mailer_sending',
    help: '1 while mails go out, 0 while Kafka or the SMTP server is away, and some seconds after a join.',
    collect() {
      sending.set(mailer?.kafka === 'joined' && mailer.smtp === 'answering' ? 1 : 0);
    },
    registers,
  });
  const seconds = new Histogram({
    name: 'fluentmeet_mail_seconds',
    help: "From the email's row in the outbox to the server's yes.",
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600],
    registers,
  });
  const lastSent = new Gauge({
    name: 'fluentmeet_mail_last_sent_timestamp_seconds',
    help: 'When the server last took a mail of this process; 0 until then.',
    registers,
  });
  return {
    /** @param value seconds since the email was written to the outbox, where that is known */
    onSent(value: number | undefined): void {
      lastSent.setToCurrentTime();
      if (value !== undefined) seconds.observe(value);
    },
    /** From now on the gauges are of this mailer. */
    observe(observed: Observed): void {
      mailer = observed;
    },
  };
}
