/** A mailer as a process of its own, for killing it: its settings come as JSON in the argument. */
import { createMailer } from '../../src/mailer/mailer.js';
import { createRedisSentLog } from '../../src/mailer/redis-sent-log.js';
import { createMemorySentLog } from '../../src/mailer/sent-log.js';
import { mailTopics } from '../../src/mailer/topics.js';
import { connectRedis } from '../../src/cli/server/redis-client.js';
import { createMailWriter } from '../../src/publishers/smtp/mail-writer.js';
import { consoleLogger } from '../../src/logger.js';

export interface MailerProcessSettings {
  brokers: string[];
  topic: string;
  url: string;
  redis?: string;
  tryLength: number;
  /** Tells whose mail it was. */
  from?: string;
  /** Milliseconds without a word after which Kafka gives its partitions to the others. */
  session?: number;
}

const settings = JSON.parse(process.argv[2] ?? '') as MailerProcessSettings;
const { brokers, topic, url, redis, tryLength, from = 'no-reply@example.com' } = settings;
const sentLog =
  redis === undefined
    ? createMemorySentLog({ tryLength })
    : createRedisSentLog(await connectRedis(redis, consoleLogger), 'test:', consoleLogger, { tryLength });
createMailer({
  ...{ kafka: { brokers }, topics: mailTopics(topic), logger: consoleLogger, maxAttempts: 10, sentLog },
  writer: createMailWriter({ url, from }),
  // The least that Kafka takes: whoever takes over need not wait for half a minute.
  timing: { session: settings.session ?? 6_000 },
}).start();
