import { setTimeout as delay } from 'node:timers/promises';

import { type KafkaCluster, startKafkaCluster } from '../../support/kafka-cluster.js';
import { consumeTopic } from '../result.js';
import type { Row } from '../row.js';
import { until, withKafkaAdmin } from '../services.js';
import type { Setting, Stage } from '../stage.js';

/** Of three brokers on one machine: a new leader, and the JVM that comes back. */
const recovery = 30;
const safely = { replicationFactor: 3, config: { 'min.insync.replicas': '2' } };

/** Kafka as it is run: three brokers, each partition on all of them, two of which must have a message. */
export const kafkaClusterFaults: readonly Row[] = [
  {
    name: 'cluster-leader-killed',
    title: 'three brokers, the leader of a partition killed, and back after 10 s',
    expect: { duplicates: 'possible', recovery },
    async play(stage) {
      const cluster = await startOnCluster(stage);
      await stage.breakWhile(async () => {
        const leader = cluster.nodes[(await leaderOf(stage, 0)) - 1];
        await leader?.kill();
        await delay(10_000);
        await leader?.start();
      });
    },
  },
  {
    name: 'cluster-rolling',
    title: 'three brokers restarted one after another',
    expect: { duplicates: 'possible', recovery },
    async play(stage) {
      const cluster = await startOnCluster(stage);
      await stage.breakWhile(async () => {
        for (const node of cluster.nodes) {
          await node.stop();
          await node.start();
          await untilInSync(stage);
        }
      });
    },
  },
  {
    name: 'cluster-two-down',
    title: 'two of three brokers killed, and back after 10 s',
    expect: { duplicates: 'possible', recovery, event: 'relay.away' },
    async play(stage) {
      const cluster = await startOnCluster(stage);
      await stage.breakWhile(async () => {
        const [first, second] = cluster.nodes;
        await Promise.all([first?.kill(), second?.kill()]);
        await delay(10_000);
        await Promise.all([first?.start(), second?.start()]);
      });
    },
  },
];

/** The topic is the operator's to change while everything runs. */
export const topicChanges: readonly Row[] = [
  {
    name: 'partitions-added',
    title: 'three partitions made six under load',
    expect: { duplicates: 'none', recovery: 10 },
    async play(stage) {
      await prepareTopic(stage, 3);
      await stage.breakWhile(() =>
        withKafkaAdmin(stage.brokers, async (admin) => {
          await admin.createPartitions({ topicPartitions: [{ topic: stage.topic, count: 6 }] });
        }),
      );
    },
  },
  {
    name: 'topic-made-anew',
    title: 'topic deleted for 3 s, and made anew with one partition in the place of three',
    expect: { duplicates: 'possible', recovery: 20, event: 'relay.away' },
    async play(stage) {
      await prepareTopic(stage, 3);
      await stage.breakWhile(async () => {
        // What is published between the last look and the deletion goes with the topic: the relays rest meanwhile.
        for (const relay of stage.relays) relay.signal('SIGSTOP');
        await delay(1_000);
        stage.earlier.push(...(await consumeTopic(stage.brokers, stage.topic)));
        await withKafkaAdmin(stage.brokers, (admin) => admin.deleteTopics({ topics: [stage.topic] }));
        for (const relay of stage.relays) relay.signal('SIGCONT');
        await delay(3_000);
        await stage.createTopic({ partitions: 1 });
      });
    },
  },
];

async function prepareTopic(stage: Stage, partitions: number): Promise<void> {
  await stage.migrate(await stage.createDatabase());
  await stage.createTopic({ partitions });
  await stage.start(relayAlone);
}

const relayAlone: Setting = { hostRelay: false };

async function startOnCluster(stage: Stage): Promise<KafkaCluster> {
  const cluster = await startKafkaCluster();
  stage.defer(() => Promise.all(cluster.nodes.map((node) => node.stop())));
  stage.brokers = cluster.brokers;
  await stage.migrate(await stage.createDatabase());
  await stage.createTopic(safely);
  await untilInSync(stage);
  await stage.start();
  return cluster;
}

const partitionsOf = (stage: Stage) =>
  withKafkaAdmin(stage.brokers, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [stage.topic] });
    return topics[0]?.partitions ?? [];
  });

async function leaderOf(stage: Stage, partition: number): Promise<number> {
  const found = (await partitionsOf(stage)).find(({ partitionId }) => partitionId === partition);
  if (!found) throw new Error('the topic has no such partition');
  return found.leader;
}

function untilInSync(stage: Stage): Promise<void> {
  return until('every replica is in sync', 60, async () => {
    const partitions = await partitionsOf(stage).catch(() => []);
    return partitions.length > 0 && partitions.every(({ isr }) => isr.length === 3);
  });
}
