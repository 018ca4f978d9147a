import { within } from './ask-publisher.js';
import { resultOfReturned, resultOfThrown } from './judge-answer.js';
import type { OutgoingEmail, PublishMany, PublishOne, Publisher, PublishResult } from './publisher.js';

/** Shorter than the patience with a batch, so that its other emails have their results. */
const patience = 20_000;
/** Emails that a publisher of one is given at a time. */
const atOnce = 10;

/** A publisher of a host's own, in the form that the relay asks. It is closed by its owner. */
export function adaptPublisher(given: PublishOne | PublishMany): Publisher {
  if (typeof given === 'function') return publisherOfOne(given);
  return {
    ...(given.batchSize === undefined ? {} : { batchSize: given.batchSize }),
    publish: (emails) => given.publish(emails),
    check: async () => given.check?.(),
    close: async () => given.close?.(),
  };
}

function publisherOfOne(publishOne: PublishOne): Publisher {
  const publish = async (email: OutgoingEmail): Promise<PublishResult> => {
    try {
      return resultOfReturned(await within(patience, async () => publishOne(email)));
    } catch (thrown) {
      return resultOfThrown(thrown);
    }
  };
  return {
    batchSize: atOnce,
    publish: (emails) => Promise.all(emails.map(publish)),
    async check() {},
    async close() {},
  };
}
