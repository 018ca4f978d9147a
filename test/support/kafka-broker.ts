import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { Kafka, logLevel } from 'kafkajs';

import { spawnWithLifeline, type LifelineProcess } from '../../src/dev/lifeline.js';
import { atEnd } from './at-end.js';
import { kafkaClassPath } from './kafka-distribution.js';
import { freePorts } from './processes.js';

export interface PreparedBroker {
  brokers: string[];
  launch(): Promise<LifelineProcess>;
}

const START_TIMEOUT_MS = 60_000;

/**
 * Formats a data folder for a Kafka of one node. `launch()` starts it, on the same port each time.
 *
 * @param niceness lowers its priority by so much, as `nice` does
 */
export async function prepareBroker(
  settings: Record<string, string> = {},
  niceness = 0,
): Promise<PreparedBroker> {
  const [port, controllerPort] = (await freePorts(2)) as [number, number];
  return prepareNode({
    node: 1,
    port,
    voters: [controllerPort],
    clusterId: newClusterId(),
    settings,
    niceness,
  });
}

export const newClusterId = (): string => randomBytes(16).toString('base64url').replace(/^-/, 'A');

export interface NodeSettings {
  /** From 1. */
  node: number;
  port: number;
  /** The controllers' ports: this node's is the one at its number. */
  voters: readonly number[];
  clusterId: string;
  settings: Record<string, string>;
  niceness: number;
}

/** One node, broker and controller alike, of a cluster. */
export async function prepareNode({ settings, niceness, ...node }: NodeSettings): Promise<PreparedBroker> {
  const classPath = await kafkaClassPath();
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-kafka-'));
  // One that was started again by hand may still write there.
  atEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  const file = path.join(folder, 'server.properties');
  const properties = { ...serverProperties(folder, node), ...settings };
  await writeFile(
    file,
    Object.entries(properties)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );

  const java = [
    ...['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'],
    ...['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Djava.awt.headless=true', '-cp', classPath],
  ];
  const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', node.clusterId, '--config', file];
  await promisify(execFile)('java', [...java, ...format]);

  const brokers = [`127.0.0.1:${node.port}`];
  return {
    brokers,
    async launch() {
      const server = await spawnWithLifeline(
        ['nice', '-n', String(niceness), 'java', ...java, 'kafka.Kafka', file],
        {
          cwd: folder,
          signals: { ask: 'KILL', insist: 'KILL' }, // nobody needs its data any more, so why wait
        },
      );
      await untilReady(brokers, server);
      return server;
    },
  };
}

function serverProperties(
  folder: string,
  { node, port, voters }: Pick<NodeSettings, 'node' | 'port' | 'voters'>,
): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': String(node),
    'controller.quorum.voters': voters.map((voter, index) => `${index + 1}@127.0.0.1:${voter}`).join(),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${voters[node - 1]}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': path.join(folder, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
  };
}

/**
 * Waits until the leaders of all topics answer.
 *
 * @throws Error with what the broker wrote, when it ended or was not ready in time
 */
export async function untilReady(brokers: string[], server: LifelineProcess): Promise<void> {
  const kafka = new Kafka({
    brokers,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!server.hasExited() && Date.now() < deadline) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const { brokers: known } = await admin.describeCluster();
      if (known.length === 0) throw new Error('no broker is registered');
      for (const topic of await admin.listTopics()) await admin.fetchTopicOffsets(topic);
      return;
    } catch {
      // not yet
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    await sleep(100);
  }
  const output = server.output();
  await server.stop();
  throw new Error(`Kafka did not start. It wrote:\n${output.trim()}`);
}
