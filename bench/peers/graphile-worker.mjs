/** graphile-worker as a relay, as a worker: its fastest settings (a local queue, completions in batches). */
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, run, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { answerCalls } from '../worker.js';
import { addAtARate } from './at-a-rate.mjs';
import { payload } from './message.mjs';
import { connectProducer } from './producer.mjs';

const logger = new Logger(() => () => undefined);

answerCalls({
  async fill({ database, count }) {
    await runMigrations({ connectionString: database, logger });
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    for (let from = 0; from < count; from += 5000) {
      const specs = Array.from({ length: Math.min(5000, count - from) }, (_, index) => ({
        identifier: 'publish',
        payload: payload(from + index),
      }));
      await client.query(
        `select from graphile_worker.add_jobs(array(
           select json_populate_record(null::graphile_worker.job_spec, spec) from json_array_elements($1::json) as spec))`,
        [JSON.stringify(specs)],
      );
    }
    await client.query('analyze');
    await client.end();
  },
  async drain({ database, brokers, topic, count }) {
    const producer = await connectProducer(brokers);
    let done = 0;
    let finish;
    const finished = new Promise((resolve) => (finish = resolve));
    const start = performance.now();
    const runner = await run({
      logger,
      noHandleSignals: true,
      taskList: {
        async publish(message) {
          await producer.send({ topic, acks: -1, messages: [message] });
          done += 1;
          if (done === count) finish();
        },
      },
      preset: {
        worker: {
          connectionString: database,
          maxPoolSize: 10,
          concurrentJobs: 50,
          pollInterval: 100,
          localQueue: { size: 500 },
          completeJobBatchDelay: 1,
        },
      },
    });
    await finished;
    // Its last completions are written as it stops.
    await runner.stop();
    const seconds = (performance.now() - start) / 1000;
    await producer.disconnect();
    return seconds;
  },
  /** Woken by each job, which is how it comes. */
  async latency({ database, brokers, topic, ...rate }) {
    await runMigrations({ connectionString: database, logger });
    const producer = await connectProducer(brokers);
    let done = 0;
    const runner = await run({
      logger,
      noHandleSignals: true,
      taskList: {
        async publish(message) {
          await producer.send({ topic, acks: -1, messages: [message] });
          done += 1;
        },
      },
      preset: { worker: { connectionString: database, maxPoolSize: 10, concurrentJobs: 10 } },
    });
    const committed = await addAtARate((message) => runner.addJob('publish', message), rate);
    while (done < committed.length) await delay(50);
    await runner.stop();
    await producer.disconnect();
    return { committed, rss: process.memoryUsage().rss };
  },
});
