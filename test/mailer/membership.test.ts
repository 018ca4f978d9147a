import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { openSession } from '../../src/mailer/consumer-session.js';
import { createMembership } from '../../src/mailer/membership.js';
import { KafkaError } from '../../src/publishers/kafka/kafka-error.js';
import { until } from '../fluentmeet/test-instance.js';
import { captureLogger } from '../support/log-capture.js';

/** Kafka, of which the test says how long a session lasts. */
describe('the place in the consumer group', () => {
  const ending = new AbortController();
  after(() => ending.abort());

  it('is none, said once and sought ever later, where each session is heard and out again within moments', async () => {
    const logger = captureLogger();
    let sessions = 0;
    let mayRead = false;
    const open: typeof openSession = async ({ onHeard }) => {
      sessions += 1;
      const refused = new KafkaError('topic-not-authorised', 'Kafka: not authorised');
      // Another broker has nothing to refuse, and answers with a heartbeat.
      const beating = setInterval(onHeard, 10);
      ending.signal.addEventListener('abort', () => clearInterval(beating));
      const crashed = mayRead ? new Promise<never>(() => undefined) : delay(50, refused);
      void crashed.then(() => clearInterval(beating));
      return { crashed, leave: async () => undefined } as never;
    };
    const options = {
      logger,
      topics: ['mail'],
      outage: { first: 20, most: 5_000 },
      onHeard: () => undefined,
    };
    const membership = createMembership(options as never, ending.signal, open);
    void membership.keep();
    const states = new Set<string | undefined>();
    for (const end = performance.now() + 2_000; performance.now() < end; await delay(5))
      states.add(membership.away);
    expect([...states]).to.deep.equal(['not-joined', 'topic-not-authorised']);
    expect(sessions).to.be.within(2, 8);
    expect(logger.entries.map(({ data }) => data.event)).to.deep.equal(['mailer.kafka-away']);
    mayRead = true;
    await until(() => membership.away === undefined, 'it was heard long enough');
  });
});
