import { randomBytes } from 'node:crypto';

import { createFluentMeet, type FluentMeetOptions } from '../../src/index.js';
import { type ConsumedMessage, createTopic } from '../support/kafka.js';
import { createDatabase } from '../support/postgres.js';
import { type Child, startChild } from './child-process.js';
import { connectHarness } from './connect.js';
import { type Driver, startDriver } from './driver.js';
import { type KafkaProxy, startKafkaProxy } from './kafka-proxy.js';
import { type LeaseWatch, watchLeases } from './lease-watch.js';
import { type PostgresProxy, startPostgresProxy } from './postgres-proxy.js';
import type { RelayProcessOptions } from './relay-process.js';
import type { Services } from './services.js';
import { migrateInTime } from '../support/migrate-in-time.js';

/** How a row's processes are set up. Everything has a default: a database, a topic, a host and a relay, nothing broken. */
export interface Setting {
  /** As the processes reach it. Default: a migrated one of the row's own. */
  database?: string;
  /** As the processes reach Kafka. Default: directly. */
  brokers?: string[];
  /** Whether the host publishes too, as `fluentmeet serve` does. Default true. */
  hostRelay?: boolean;
  hosts?: number;
  /** Relays as processes of their own. Default 1. */
  relays?: number;
  clockShift?: number;
  clockJumps?: number;
  /** Options of hosts and relays alike. */
  options?: Partial<FluentMeetOptions>;
  /** More fields for each signup. */
  body?: (index: number) => object;
}

export interface TopicSetting {
  config?: Record<string, string>;
  partitions?: number;
  replicationFactor?: number;
}

/** What a row plays on: it owns its database, its topic and its processes, and finds the servers there. */
export interface Stage {
  readonly services: Services;
  /** Signups in this row, at least. */
  readonly size: number;
  readonly topic: string;
  /** Of the Kafka that the row uses: the shared one, until it says otherwise. */
  brokers: string[];
  /** Messages that are no longer on the topic in the end, read before they went. */
  readonly earlier: ConsumedMessage[];
  /** The database as the harness reaches it, whatever lies between it and the processes. */
  databaseUrl: string;
  driver: Driver | undefined;
  leases: LeaseWatch | undefined;
  /** When the fault began and ended, in milliseconds since the epoch; the beginning 0 where it was there throughout. */
  beganAt: number;
  endedAt: number;
  readonly hosts: Child[];
  readonly relays: Child[];
  /** Those that the row itself ended. */
  readonly released: Set<Child>;
  /** An empty database: of the shared server, or of the one that may be broken. */
  createDatabase(own?: boolean): Promise<string>;
  migrate(url: string): Promise<void>;
  createTopic(setting?: TopicSetting): Promise<void>;
  kafkaProxy(): Promise<KafkaProxy>;
  postgresProxy(): Promise<PostgresProxy>;
  /** Starts the processes and the driver. */
  start(setting?: Setting): Promise<Driver>;
  startHost(setting: Setting): Promise<Child>;
  startRelay(setting: Setting, halt?: RelayProcessOptions['halt']): Promise<Child>;
  /** Ends a process on purpose. */
  release(child: Child, signal: NodeJS.Signals): Promise<string | number>;
  /** Lets the first signups pass, does the work, and takes its end for the end of the fault. */
  breakWhile(work: () => Promise<void>): Promise<void>;
  /** For a fault that is there from the start to the end: what counts as before its end are the first signups. */
  brokenThroughout(): Promise<void>;
  /** In reverse order, after the row. */
  defer(close: () => Promise<unknown> | void): void;
}

export const secret = 'the secret of the fault matrix, 32 characters';
export const signupPath = '/api/v1/auth/signup';

export interface StageOptions {
  services: Services;
  size: number;
  perSecond: number;
  defer: Stage['defer'];
}

export function createStage({ services, size, perSecond, defer }: StageOptions): Stage {
  const topic = `faults.${randomBytes(6).toString('hex')}`;

  const optionsOf = ({ database = stage.databaseUrl, options }: Setting) =>
    ({
      database,
      publicUrl: 'https://app.example.com',
      secret,
      bcryptCost: 4,
      emailTopic: topic,
      // A thread of libuv's four stays free, whatever the number of cores.
      hashConcurrency: 3,
      rateLimits: { signup: 1_000_000 },
      ...options,
    }) satisfies Partial<FluentMeetOptions>;

  const kept = (child: Child): Child => {
    defer(async () => {
      if (child.ended === undefined) child.signal('SIGCONT');
      await child.end('SIGKILL');
    });
    return child;
  };

  const stage: Stage = {
    services,
    size,
    topic,
    brokers: services.brokers,
    earlier: [],
    databaseUrl: '',
    driver: undefined,
    leases: undefined,
    beganAt: 0,
    endedAt: 0,
    hosts: [],
    relays: [],
    released: new Set(),
    defer,
    async createDatabase(own = false) {
      const url = own ? await createOwnDatabase(services) : await createSharedDatabase(defer);
      stage.databaseUrl = url;
      return url;
    },
    async migrate(url) {
      const fluentmeet = createFluentMeet({
        ...optionsOf({ database: url }),
        publisher: 'none',
        logger: silent,
      });
      await migrateInTime(fluentmeet).finally(() => fluentmeet.stop());
    },
    async createTopic({ config = {}, partitions = 3, replicationFactor = 1 } = {}) {
      // The broker's clock in the messages: a link must not be dead when its message gets there.
      const all = { 'message.timestamp.type': 'LogAppendTime', ...config };
      const configEntries = Object.entries(all).map(([name, value]) => ({ name, value }));
      await createTopic(stage.brokers, topic, { partitions, replicationFactor, configEntries });
    },
    async kafkaProxy() {
      const proxy = await startKafkaProxy(stage.brokers[0] as string);
      defer(() => proxy.stop());
      return proxy;
    },
    async postgresProxy() {
      const proxy = await startPostgresProxy(stage.databaseUrl);
      defer(() => proxy.stop());
      return proxy;
    },
    async start(setting = {}) {
      const { hosts = 1, relays = 1, body } = setting;
      const starting = [
        ...Array.from({ length: hosts }, () => stage.startHost(setting)),
        ...Array.from({ length: relays }, () => stage.startRelay(setting)),
      ];
      await Promise.all(starting);
      stage.leases = watchLeases(stage.databaseUrl);
      defer(() => stage.leases?.stop());
      stage.driver = await startDriver(await Promise.all(stage.hosts.map(signupUrl)), perSecond, body);
      defer(() => stage.driver?.stop());
      return stage.driver;
    },
    async startHost(setting) {
      const { hostRelay = true, brokers = stage.brokers, clockShift = 0, clockJumps = 0 } = setting;
      const publishing = hostRelay ? { kafka: { brokers } } : { publisher: 'none' as const };
      const child = kept(
        startChild(new URL('./host-process.ts', import.meta.url), {
          options: { ...optionsOf(setting), ...publishing } satisfies FluentMeetOptions,
          clockShift,
          clockJumps,
        }),
      );
      stage.hosts.push(child);
      await child.logged('host.listening');
      return child;
    },
    async startRelay(setting, halt) {
      const { brokers = stage.brokers, clockShift = 0, clockJumps = 0 } = setting;
      const fluentmeet = { ...optionsOf(setting), kafka: { brokers } };
      const options: RelayProcessOptions = { fluentmeet, halt };
      const child = kept(
        startChild(new URL('./relay-process.ts', import.meta.url), { options, clockShift, clockJumps }),
      );
      stage.relays.push(child);
      await child.logged('relay.started');
      return child;
    },
    release(child, signal) {
      stage.released.add(child);
      return child.end(signal);
    },
    async brokenThroughout() {
      await stage.breakWhile(async () => undefined);
      stage.beganAt = 0;
    },
    async breakWhile(work) {
      const before = stage.driver?.answers.length ?? 0;
      await stage.driver?.answered(before + Math.floor(size / 4));
      stage.beganAt = Date.now();
      await work();
      stage.endedAt = Date.now();
    },
  };
  return stage;
}

export async function signupUrl(host: Child): Promise<string> {
  const { port } = await host.logged('host.listening');
  return `http://127.0.0.1:${String(port)}${signupPath}`;
}

async function createSharedDatabase(defer: Stage['defer']): Promise<string> {
  const { url, drop } = await createDatabase();
  defer(drop);
  return url;
}

async function createOwnDatabase(services: Services): Promise<string> {
  const url = new URL((await services.ownPostgres()).url);
  const name = `faults_${randomBytes(6).toString('hex')}`;
  const client = await connectHarness(url.href);
  await client.query(`create database ${name}`).finally(() => client.end());
  url.pathname = `/${name}`;
  return url.href;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
