import { setTimeout as delay } from 'node:timers/promises';

import { Kafka, logLevel, type Admin } from 'kafkajs';

import type { OwnKafka } from '../support/kafka.js';
import type { OwnPostgres } from '../support/postgres.js';

/** What all rows share. The servers that may be broken are started when the first row asks for them. */
export interface Services {
  brokers: string[];
  /** A Kafka that may be killed, and that enforces access lists. */
  ownKafka(): Promise<OwnKafka>;
  ownPostgres(): Promise<OwnPostgres>;
}

/** What `startOwnKafka` needs to enforce access lists. Without a list everything is allowed. */
export const kafkaWithAccessLists = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
};

export async function withKafkaAdmin<T>(brokers: string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Waits until the condition holds. @throws Error naming it, when it does not in time */
export async function until(
  what: string,
  seconds: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await delay(100);
  }
}
