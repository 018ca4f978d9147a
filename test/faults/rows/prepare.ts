import type { KafkaProxy } from '../kafka-proxy.js';
import type { Setting, Stage } from '../stage.js';

/** A migrated database of the row's own, and a topic. */
export async function prepare(stage: Stage, { ownDatabase = false } = {}): Promise<string> {
  const url = await stage.createDatabase(ownDatabase);
  await stage.migrate(url);
  await stage.createTopic();
  return url;
}

/** The same, with everything running and Kafka behind a proxy. */
export async function startBehindProxy(stage: Stage, setting: Setting = {}): Promise<KafkaProxy> {
  await prepare(stage);
  const proxy = await stage.kafkaProxy();
  await stage.start({ ...setting, brokers: [proxy.broker] });
  return proxy;
}
