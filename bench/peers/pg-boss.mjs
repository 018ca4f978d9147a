/** pg-boss as a relay, as a worker: fetch and complete by 500, one batch to Kafka at a time; faster than its `work`. */
import { setTimeout as delay } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { answerCalls } from '../worker.js';
import { addAtARate } from './at-a-rate.mjs';
import { payload } from './message.mjs';
import { connectProducer } from './producer.mjs';

const queue = 'publish';

/** Nothing beside the jobs: in its favour. */
const options = { supervise: false, schedule: false };

answerCalls({
  async fill({ database, count }) {
    const boss = new PgBoss({ connectionString: database, ...options });
    boss.on('error', () => undefined);
    await boss.start();
    await boss.createQueue(queue);
    for (let from = 0; from < count; from += 5000) {
      await boss.insert(
        queue,
        Array.from({ length: Math.min(5000, count - from) }, (_, index) => ({ data: payload(from + index) })),
      );
    }
    await boss.stop({ graceful: false });
  },
  async drain({ database, brokers, topic, count }) {
    const producer = await connectProducer(brokers);
    const boss = new PgBoss({ connectionString: database, ...options });
    await boss.start();
    const start = performance.now();
    let done = 0;
    while (done < count) {
      const jobs = await boss.fetch(queue, { batchSize: 500 });
      if (jobs.length === 0) throw new Error(`${done} of ${count} jobs`);
      await producer.sendBatch({
        acks: -1,
        topicMessages: [{ topic, messages: jobs.map(({ data }) => data) }],
      });
      await boss.complete(
        queue,
        jobs.map(({ id }) => id),
      );
      done += jobs.length;
    }
    const seconds = (performance.now() - start) / 1000;
    await boss.stop({ graceful: false });
    await producer.disconnect();
    return seconds;
  },
  /** Woken by each job (`notify`), which is the fastest it can. */
  async latency({ database, brokers, topic, ...rate }) {
    const producer = await connectProducer(brokers);
    const boss = new PgBoss({ connectionString: database, ...options, useListenNotify: true });
    boss.on('error', () => undefined);
    await boss.start();
    await boss.createQueue(queue, { notify: true });
    let done = 0;
    await boss.work(queue, { batchSize: 500, pollingIntervalSeconds: 0.5 }, async (jobs) => {
      await producer.sendBatch({
        acks: -1,
        topicMessages: [{ topic, messages: jobs.map(({ data }) => data) }],
      });
      done += jobs.length;
    });
    const committed = await addAtARate((message) => boss.send(queue, message), rate);
    while (done < committed.length) await delay(50);
    await boss.stop({ graceful: false });
    await producer.disconnect();
    return { committed, rss: process.memoryUsage().rss };
  },
});
