import { Kafka, logLevel, type Message } from 'kafkajs';
import { mailTopics } from '../src/mailer/topics.js';
import { sampleEmail } from '../src/outbox/sample-email.js';
import { createTopic } from '../test/support/kafka.js';
import type { Bench, Row } from './bench.js';
import type { LoadResult } from './load.js';
import { grouped, inTurns, median, percentile, ratios, secondsOf, spread } from './rounds.js';
import { dropDatabase, kafkaBrokers, newDatabase, newTopic, query } from './services.js';
import { startWorker, type Worker } from './worker.js';

const perSecond = 20;

/**
 * The topic's consumer against nodemailer alone over as many connections; and the whole way of a signup's email, from
 * PostgreSQL's commit timestamp to the last line of its mail at the SMTP server.
 */
export const mailerBench: Bench = {
  name: 'mailer',
  async run({ quick, say }) {
    const brokers = await kafkaBrokers();
    const smtp = startWorker('servers/smtp.ts');
    const mailer = startWorker('servers/mailer.ts');
    try {
      const port = await smtp.call<number>('start');
      const stage = { brokers, smtp, mailer, port };
      return [await rates(stage, quick), ...(await commitToInbox(stage, quick ? 2 : 50, say))];
    } finally {
      await Promise.all([mailer, smtp].map((worker) => worker.stop()));
    }
  },
};

interface Stage {
  brokers: string[];
  smtp: Worker;
  mailer: Worker;
  port: number;
}

async function rates({ brokers, smtp, mailer, port }: Stage, quick: boolean): Promise<Row> {
  const count = quick ? 300 : 2_000;
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await mailer.call('bare', { port, count: 200 });
  const found = await inTurns(quick ? 1 : 5, {
    bare: async () => count / (await mailer.call<number>('bare', { port, count })),
    mailer: async () => {
      const topic = await newMailTopic(brokers);
      await mailer.call('start', { brokers, topic, port });
      await smtp.call('forget');
      await producer.send({ topic, messages: messagesTo(count) });
      // The clock starts when they stand on the topic, as nodemailer's does when its mails are written.
      const seconds = await secondsOf(() => smtp.call('until', count));
      await mailer.call('stop');
      return count / seconds;
    },
  });
  await producer.disconnect();
  const ratio = ratios(found.mailer, found.bare);
  return {
    what: `${grouped(count)} mails, from the topic to a local server, 5 connections`,
    ours: `${spread(found.mailer, 0)} mails/s`,
    against: `nodemailer alone ${spread(found.bare, 0)}`,
    ratio: spread(ratio),
    goal: '≥ 0.8',
    met: median(ratio) >= 0.8,
  };
}

async function commitToInbox(
  { brokers, smtp, mailer, port }: Stage,
  seconds: number,
  say: (line: string) => void,
): Promise<Row[]> {
  const topic = await newMailTopic(brokers);
  const database = await newDatabase();
  const load = startWorker('load.ts');
  const server = startWorker('servers/fluentmeet.ts');
  try {
    const http = await server.call<number>('start', {
      ...{ database, bcryptCost: 4, kafka: { brokers }, emailTopic: topic },
    });
    await mailer.call('start', { brokers, topic, port });
    await smtp.call('forget');
    const signUps = (prefix: string, length: number): Promise<LoadResult> =>
      load.call('run', {
        ...{ port: http, path: '/signup', body: 'fluentmeet', connections: 20, prefix },
        ...{ seconds: length, rate: perSecond },
      });
    const warm = await signUps('warm', Math.min(5, seconds));
    const { answered, byStatus } = await signUps('real', seconds);
    say(JSON.stringify(byStatus));
    await smtp.call('until', warm.answered + answered);
    const committed = await query<{ email: string; at: number }>(
      database,
      `select email, extract(epoch from pg_xact_commit_timestamp(xmin))::double precision * 1000 as at
       from users where email like 'real%'`,
    );
    const received = new Map(await smtp.call<[string, number[]][]>('received'));
    // The server's clock is cut to the millisecond.
    const latencies = committed.map(({ email, at }) => (received.get(email)?.[0] as number) + 1 - at);
    const what = `commit to inbox at ${perSecond} signups/s, ${grouped(committed.length)} of them`;
    return [
      row(`p50 ${what}`, percentile(latencies, 0.5), 50),
      row(`p99 ${what}`, percentile(latencies, 0.99), 250),
    ];
  } finally {
    await mailer.call('stop');
    await server.call('stop');
    await Promise.all([load, server].map((worker) => worker.stop()));
    await dropDatabase(database);
  }
}

function row(what: string, milliseconds: number, goal: number): Row {
  return {
    ...{ what, ours: `${milliseconds.toFixed(1)} ms`, against: '', ratio: '' },
    ...{ goal: `< ${goal} ms`, met: milliseconds < goal },
  };
}

async function newMailTopic(brokers: string[]): Promise<string> {
  const topic = await newTopic();
  const { retry, dead } = mailTopics(topic);
  for (const name of [retry, dead]) await createTopic(brokers, name, { partitions: 1 });
  return topic;
}

function messagesTo(count: number): Message[] {
  return Array.from({ length: count }, (_, index) => {
    const { value, headers } = sampleEmail({ to: `p${index}@example.com` });
    return { key: String(index), value: JSON.stringify(value), headers: { ...headers } };
  });
}
