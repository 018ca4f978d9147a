import { setTimeout as delay } from 'node:timers/promises';

import { connectHarness } from '../connect.js';
import { prepare, startBehindProxy } from './prepare.js';
import type { Row } from '../row.js';

/** Kafka away in every way: people sign up as fast as ever, and their emails wait. */
export const kafkaOutages: readonly Row[] = [
  {
    name: 'kafka-down-at-start',
    title: 'Kafka down at the start',
    expect: { duplicates: 'none', recovery: 20, keepsLatency: true, event: 'relay.away' },
    async play(stage) {
      await prepare(stage);
      const kafka = await stage.services.ownKafka();
      await kafka.kill();
      await stage.start();
      await stage.breakWhile(async () => {
        await delay(3_000);
        await kafka.start();
      });
    },
  },
  {
    name: 'kafka-killed',
    title: 'Kafka killed mid-run, and restarted',
    expect: { duplicates: 'possible', recovery: 20, keepsLatency: true, event: 'relay.away' },
    async play(stage) {
      await prepare(stage);
      const kafka = await stage.services.ownKafka();
      await stage.start();
      await stage.breakWhile(async () => {
        await kafka.kill();
        await delay(3_000);
        await kafka.start();
      });
    },
  },
  {
    name: 'kafka-half-open',
    title: 'Kafka half-open: accepts, never answers',
    expect: { duplicates: 'possible', recovery: 15, keepsLatency: true, event: 'relay.away' },
    async play(stage) {
      const proxy = await startBehindProxy(stage);
      await stage.breakWhile(async () => {
        await proxy.tcp.setMode('freeze');
        await delay(12_000);
        // What was sent into the half-open connections never arrives.
        proxy.tcp.cut();
        await proxy.tcp.setMode('pass');
      });
    },
  },
  {
    name: 'kafka-slow',
    title: 'Kafka answers after 5 s',
    // As long as kafkajs waits for an answer: some come in time, and the relay may never have to pause.
    expect: { duplicates: 'possible', recovery: 20, keepsLatency: true },
    async play(stage) {
      const proxy = await startBehindProxy(stage);
      await stage.breakWhile(async () => {
        await proxy.tcp.setMode({ delayMs: 2_500 }); // each way
        await delay(12_000);
        await requireBacklog(stage.databaseUrl, 100);
        await proxy.tcp.setMode('pass');
      });
    },
  },
  {
    name: 'kafka-lost-ack',
    title: 'acknowledgement lost after the append',
    expect: { duplicates: 'certain', recovery: 15, keepsLatency: true, event: 'relay.away' },
    async play(stage) {
      const proxy = await startBehindProxy(stage);
      await stage.breakWhile(async () => {
        proxy.loseAcknowledgements(true);
        await delay(8_000);
        proxy.loseAcknowledgements(null);
      });
    },
  },
];

/** At least so many emails wait, or the fault did not bite. */
async function requireBacklog(database: string, least: number): Promise<void> {
  const client = await connectHarness(database);
  const { rows } = await client
    .query(`select count(*)::integer as pending from email_outbox where status = 'pending'`)
    .finally(() => client.end());
  if (rows[0].pending < least) throw new Error(`${rows[0].pending} emails wait: the fault did not bite`);
}
