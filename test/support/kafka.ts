import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { spawnWithLifeline } from '../../src/dev/lifeline.js';
import { atEnd } from './at-end.js';
import { prepareBroker, untilReady } from './kafka-broker.js';
import { kafkaClassPath } from './kafka-distribution.js';
import { ownServer, type OwnServer } from './own-server.js';
import { freePorts } from './processes.js';
import { isRequired, skipFor } from './skip.js';

export { consumeAll, createTopic, type ConsumedMessage } from './kafka-topics.js';

export interface TestKafka {
  brokers: string[];
}

const START_TIMEOUT_MS = 600_000;
const DOCKER_IMAGE = 'apache/kafka:4.1.0';

let shared: Promise<TestKafka | { unavailable: string }> | undefined;

/**
 * The real Kafka that the run shares, started at the first call: TEST_KAFKA_BROKERS, else Java with what
 * Maven fetches, else Docker. It does not create topics by itself: `createTopic`.
 */
export function kafkaForTests(): Promise<TestKafka | { unavailable: string }> {
  return (shared ??= startSharedKafka());
}

async function startSharedKafka(): Promise<TestKafka | { unavailable: string }> {
  const given = process.env['TEST_KAFKA_BROKERS'];
  if (given) return { brokers: given.split(',') };

  const noJava = await whyUnavailable(kafkaClassPath);
  if (noJava === undefined) {
    const { brokers, launch } = await prepareBroker();
    const server = await launch();
    atEnd(() => server.stop());
    return { brokers };
  }
  const noDocker = await whyUnavailable(() => run('docker', ['version', '--format', '{{.Server.Version}}']));
  if (noDocker === undefined) return startInDocker();
  return { unavailable: `no Kafka: ${noJava}, and no Docker engine answers` };
}

/** The run's Kafka; without one the suite is skipped with the reason, or fails where CI or REQUIRE_KAFKA is set. */
export async function requireKafka(context: Mocha.Context): Promise<TestKafka> {
  context.timeout(START_TIMEOUT_MS);
  const kafka = await kafkaForTests();
  return 'brokers' in kafka ? kafka : missing(context, kafka.unavailable);
}

/** After a SIGKILL the controller lets the broker back in only when its old session has run out. */
const QUICK_RETURN = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' };

export type OwnKafka = OwnServer & TestKafka;

/**
 * A Kafka of the test's own, for breaking it: `kill()` and `start()` keep its port and data. It needs
 * Java. `settings` go into server.properties, for example `message.max.bytes`, or
 * `authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer` with
 * `allow.everyone.if.no.acl.found=true` and a deny ACL for `User:ANONYMOUS`.
 */
export async function startOwnKafka(
  settings: Record<string, string> = {},
  niceness?: number,
): Promise<OwnKafka> {
  const { brokers, launch } = await prepareBroker({ ...QUICK_RETURN, ...settings }, niceness);
  return Object.assign(await ownServer(launch), { brokers });
}

/** `startOwnKafka`, or the suite skipped (or failed) as `requireKafka` does. */
export async function requireOwnKafka(
  context: Mocha.Context,
  settings: Record<string, string> = {},
): Promise<OwnKafka> {
  context.timeout(START_TIMEOUT_MS);
  const reason = await whyUnavailable(kafkaClassPath);
  return reason === undefined ? startOwnKafka(settings) : missing(context, `no Kafka of its own: ${reason}`);
}

function missing(context: Mocha.Context, reason: string): never {
  if (isRequired('REQUIRE_KAFKA'))
    throw new Error(`${reason}. Set TEST_KAFKA_BROKERS, or install Java 17 and Maven.`);
  return skipFor(context, reason);
}

async function startInDocker(): Promise<TestKafka> {
  const [port] = await freePorts(1);
  const brokers = [`127.0.0.1:${port}`];
  const environment = {
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_NODE_ID: '1',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  };
  const variables = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  await run('docker', ['pull', '--quiet', DOCKER_IMAGE], { timeout: START_TIMEOUT_MS });
  // TERM reaches the container through the client; KILL would end the client alone.
  const server = await spawnWithLifeline(
    ['docker', 'run', '--rm', '-p', `127.0.0.1:${port}:9092`, ...variables, DOCKER_IMAGE],
    { signals: { ask: 'TERM', insist: 'TERM' } },
  );
  await untilReady(brokers, server);
  atEnd(() => server.stop());
  return { brokers };
}

const run = promisify(execFile);

function whyUnavailable(attempt: () => Promise<unknown>): Promise<string | undefined> {
  return attempt().then(
    () => undefined,
    (error: Error) => error.message,
  );
}
