/** The floor of the relay, as a worker: kafkajs alone, with messages that are ready in memory. */
import { Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import { claimEmails } from '../../src/outbox/claim-emails.js';
import { composeEmail } from '../../src/relay/compose-batch.js';
import { internalsOf } from '../built.js';
import { benchInstance } from '../instance.js';
import { answerCalls } from '../worker.js';

const batchSize = 500;
let messages: Message[] = [];

answerCalls({
  /** Claims the backlog of this database, to send the very messages that the relay would. */
  async prepare({ database, count }: { database: string; count: number }) {
    const fluentmeet = benchInstance({ database, databaseQueryTimeout: 0 });
    const context = internalsOf(fluentmeet);
    const { emails } = await claimEmails(context, { limit: count, kind: 'healthy' });
    messages = emails.map((email) => {
      const composed = composeEmail(context.config, email);
      if (composed.action !== 'publish') throw new Error(composed.action);
      const { key, value, headers } = composed.outgoing;
      return { key, value: JSON.stringify(value), headers: { ...headers } };
    });
    await fluentmeet.stop();
    if (messages.length !== count) throw new Error(`${messages.length} messages`);
  },
  /** Seconds until all of them are acknowledged. */
  async send({ brokers, topic }: { brokers: string[]; topic: string }): Promise<number> {
    const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    const start = performance.now();
    for (let from = 0; from < messages.length; from += batchSize) {
      await producer.sendBatch({
        acks: -1,
        topicMessages: [{ topic, messages: messages.slice(from, from + batchSize) }],
      });
    }
    const seconds = (performance.now() - start) / 1000;
    await producer.disconnect();
    return seconds;
  },
});
