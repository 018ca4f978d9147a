import { setTimeout as delay } from 'node:timers/promises';

import { createKafkaPublisher } from '../../src/publishers/kafka/kafka-publisher.js';
import type { Publisher } from '../../src/outbox/publisher.js';
import { createFluentMeet, type FluentMeetOptions, type KafkaOptions } from '../../src/index.js';
import { childLogger } from './child-logger.js';

/** The moments of a relay's work at which the harness can catch it. */
export type HaltPoint = 'before-publish' | 'before-settle';

export interface RelayProcessOptions {
  fluentmeet: Omit<FluentMeetOptions, 'kafka'> & { kafka: KafkaOptions };
  /** Stands still at this point once, for so many milliseconds, and says so: time to be killed or frozen in. */
  halt?: { at: HaltPoint; milliseconds: number } | undefined;
}

const { fluentmeet: options, halt } = JSON.parse(
  process.env['FAULTS_OPTIONS'] as string,
) as RelayProcessOptions;
const logger = childLogger();
const { kafka, ...rest } = options;

const real = createKafkaPublisher({ kafka, topic: options.emailTopic as string, logger });
let halted = false;
let published = false;

async function reach(point: HaltPoint): Promise<void> {
  if (halt?.at !== point || halted) return;
  halted = true;
  logger.info({ event: 'relay.halted', point }, 'Standing still');
  await delay(halt.milliseconds);
}

const publisher: Publisher = {
  ...real,
  async publish(emails) {
    await reach('before-publish');
    const results = await real.publish(emails);
    if (!published && results.some(({ status }) => status === 'published')) {
      published = true;
      logger.info({ event: 'relay.published' }, 'The first emails are published');
    }
    await reach('before-settle');
    return results;
  },
};

const fluentmeet = createFluentMeet({ ...rest, publisher, logger });
process.once('SIGTERM', () => {
  void fluentmeet.stop().then(() => real.close());
});
await fluentmeet.start();
logger.info({ event: 'relay.started' }, 'Publishing');
