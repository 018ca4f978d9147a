import { expect } from 'chai';
import kafkajs from 'kafkajs';
import { kafkaWithAccessLists, withKafkaAdmin } from '../faults/services.js';
import { until } from '../fluentmeet/test-instance.js';
import { type OwnKafka, requireOwnKafka } from '../support/kafka.js';
import { emailMessage, type MailStage, openStage } from './mail-stage.js';

// Node does not find these among the names of a CommonJS module.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

describe('a mailer without the rights it needs', function () {
  this.timeout(120_000);
  let kafka: OwnKafka;
  let stage: MailStage;
  before(async function () {
    kafka = await requireOwnKafka(this, kafkaWithAccessLists);
  });
  after(() => kafka.stop());
  afterEach(() => stage.close());

  const denied = (topic: string, operation: kafkajs.AclOperationTypes) => ({
    ...{ principal: 'User:ANONYMOUS', host: '*', operation, permissionType: AclPermissionTypes.DENY },
    ...{ resourceType: AclResourceTypes.TOPIC, resourceName: topic },
    resourcePatternType: ResourcePatternTypes.LITERAL,
  });
  const deny = (topic: string, operation: kafkajs.AclOperationTypes) =>
    withKafkaAdmin(kafka.brokers, async (admin) => {
      const allowed = {
        ...denied(topic, AclOperationTypes.ALL),
        permissionType: AclPermissionTypes.ALLOW,
      };
      await admin.createAcls({ acl: [allowed, denied(topic, operation)] });
    });
  const allowAgain = (topic: string, operation: kafkajs.AclOperationTypes) =>
    withKafkaAdmin(kafka.brokers, (admin) => admin.deleteAcls({ filters: [denied(topic, operation)] }));
  const awayLines = () => stage.logger.entries.filter(({ data }) => data.event === 'mailer.kafka-away');

  it('is away for good where it may join and not read: said once, tried less and less often', async () => {
    stage = await openStage({}, 1, false, kafka);
    await deny(stage.topics.main, AclOperationTypes.READ);
    await stage.publish(emailMessage('ada@example.com'));
    const mailer = stage.startMailer({ timing: { outage: { first: 200, most: 60_000 } } });
    const states = new Set<string>();
    const watching = setInterval(() => states.add(mailer.kafka), 5);
    try {
      await stage.untilEvents('mailer.joined', 4);
      const before = performance.now();
      await stage.untilEvents('mailer.joined', 5);
      expect(performance.now() - before).to.be.above(800);
    } finally {
      clearInterval(watching);
    }
    expect([...states]).to.deep.equal(['away']);
    expect(mailer.awayReason).to.equal('topic-not-authorised');
    // A broker that has just begun has no coordinator of groups at first, which is another reason.
    const codes = awayLines().map(({ data }) => (data['error'] as { code: string }).code);
    expect(codes.filter((code) => code !== 'unavailable')).to.deep.equal(['topic-not-authorised']);
    await allowAgain(stage.topics.main, AclOperationTypes.READ);
    await stage.smtp.untilMails(1, 60_000);
    await until(() => mailer.kafka === 'joined', 'Kafka heard it');
  });

  it('does not say that a topic is missing which it may not see', async () => {
    stage = await openStage({}, 1, false, kafka);
    await deny(stage.topics.dead, AclOperationTypes.DESCRIBE);
    stage.startMailer();
    await stage.untilEvents('mailer.kafka-away');
    expect(awayLines()[0]?.data['error']).to.deep.equal({
      code: 'topic-not-authorised',
      message: `Kafka: TOPIC_AUTHORIZATION_FAILED, not authorised for the topic ${stage.topics.dead}`,
    });
  });
});
