import { setTimeout as delay } from 'node:timers/promises';

import kafkajs from 'kafkajs';

import { createFluentMeet } from '../../../src/index.js';
import { connectHarness } from '../connect.js';
import type { Row } from '../row.js';
import { until, withKafkaAdmin } from '../services.js';
import type { Stage } from '../stage.js';
import { prepare } from './prepare.js';

// Node does not find these among the names of a CommonJS module.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } =
  kafkajs;

/** The one principal of a Kafka without authentication. */
const everyone = { principal: 'User:ANONYMOUS', host: '*' };

/** Too large for a topic that takes 1,000 bytes; the others' messages have about 600. */
const largeName = '名'.repeat(250);
const large = [220, 260, 300, 340, 380];

/** Kafka there, and refusing: the operator's fault (an outage), and the message's own. */
export const kafkaRefusals: readonly Row[] = [
  {
    name: 'topic-missing',
    title: 'topic missing, then created',
    expect: { duplicates: 'none', recovery: 15, keepsLatency: true, event: 'relay.away' },
    async play(stage) {
      await stage.migrate(await stage.createDatabase());
      await stage.start();
      await stage.breakWhile(async () => {
        await delay(3_000);
        await stage.createTopic();
      });
    },
  },
  {
    name: 'not-authorised',
    title: 'not authorised for the topic, then authorised',
    expect: { duplicates: 'none', recovery: 15, keepsLatency: true, event: 'relay.away' },
    async play(stage) {
      await prepare(stage);
      await stage.start();
      await stage.breakWhile(async () => {
        await forbidWriting(stage);
        await delay(8_000);
        await allowWriting(stage);
      });
    },
  },
  {
    name: 'message-too-large',
    title: 'five messages too large among good ones',
    expect: { duplicates: 'none', recovery: 15, keepsLatency: true, event: 'email.dead' },
    async play(stage) {
      const url = await stage.createDatabase();
      await stage.migrate(url);
      await stage.createTopic({ partitions: 6, config: { 'max.message.bytes': '1000' } });
      await stage.start({
        options: { emailMaxAttempts: 2 },
        body: (index) => (large.includes(index) ? { full_name: largeName } : {}),
      });
      await stage.breakWhile(async () => {
        await untilTheLargeOnesAreDead(url);
        await raiseLimit(stage);
        await replay(url, stage);
      });
    },
  },
];

async function forbidWriting({ services, topic }: Stage): Promise<void> {
  const { brokers } = await services.ownKafka();
  const onTopic = {
    ...everyone,
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: ResourcePatternTypes.LITERAL,
  };
  const { DENY, ALLOW } = AclPermissionTypes;
  await withKafkaAdmin(brokers, (admin) =>
    admin.createAcls({
      acl: [
        { ...onTopic, operation: AclOperationTypes.WRITE, permissionType: DENY },
        { ...onTopic, operation: AclOperationTypes.READ, permissionType: ALLOW },
        { ...onTopic, operation: AclOperationTypes.DESCRIBE, permissionType: ALLOW },
      ],
    }),
  );
}

async function allowWriting({ services, topic }: Stage): Promise<void> {
  await withKafkaAdmin(services.brokers, (admin) =>
    admin.deleteAcls({
      filters: [
        {
          resourceType: AclResourceTypes.TOPIC,
          resourceName: topic,
          resourcePatternType: ResourcePatternTypes.LITERAL,
          operation: AclOperationTypes.ANY,
          permissionType: AclPermissionTypes.ANY,
        },
      ],
    }),
  );
}

/** And nothing but them: their neighbours are published. */
async function untilTheLargeOnesAreDead(url: string): Promise<void> {
  const client = await connectHarness(url);
  try {
    await until('the large ones are dead, with the reason', 30, async () => {
      const { rows } = await client.query(
        `select last_error from email_outbox where status = 'dead' and last_error like '%MESSAGE_TOO_LARGE%'`,
      );
      return rows.length === large.length;
    });
  } finally {
    await client.end();
  }
}

async function raiseLimit({ services, topic }: Stage): Promise<void> {
  const resource = {
    type: ConfigResourceTypes.TOPIC,
    name: topic,
    configEntries: [
      { name: 'max.message.bytes', value: '1000000' },
      { name: 'message.timestamp.type', value: 'LogAppendTime' },
    ],
  };
  await withKafkaAdmin(services.brokers, (admin) =>
    admin.alterConfigs({ validateOnly: false, resources: [resource] }),
  );
}

async function replay(database: string, { topic }: Stage): Promise<void> {
  const fluentmeet = createFluentMeet({
    database,
    publisher: 'none',
    publicUrl: 'https://app.example.com',
    secret: 'of no use to a replay, and 32 characters',
    emailTopic: topic,
  });
  const { replayed } = await fluentmeet.replayEmails().finally(() => fluentmeet.stop());
  if (replayed.length !== large.length) throw new Error(`${replayed.length} emails replayed`);
}
