import { withDeadline } from '../deadline.js';
import { PublisherAnswerError, resultOfReturned, resultOfThrown, resultsOfAnswer } from './judge-answer.js';
import type { OutgoingEmail, PublishMany, PublishOne, Publisher, PublishResult } from './publisher.js';

const patience = 30_000;
/** Shorter, so that the other emails of a batch have their results. */
const patienceWithOne = 20_000;
/** More than a mail server may take to greet. */
const patienceWithCheck = 20_000;
/** Emails that a publisher of one is given at a time. */
const atOnce = 10;

/**
 * Asks for these emails to be published, and takes nothing on trust: resolves with one well-formed result per email,
 * whatever the publisher does.
 *
 * @param deadline milliseconds after which what was not answered has failed; it may still be published
 */
export async function askPublisher(
  publisher: Publisher,
  emails: readonly OutgoingEmail[],
  deadline = patience,
): Promise<PublishResult[]> {
  try {
    const answer = await within(deadline, async (): Promise<unknown> => publisher.publish(emails));
    return resultsOfAnswer(answer, emails.length);
  } catch (thrown) {
    const result = resultOfThrown(thrown);
    return emails.map(() => result);
  }
}

/** A publisher of a host's own, in the form that the relay asks. It is closed by its owner. */
export function adaptPublisher(given: PublishOne | PublishMany): Publisher {
  if (typeof given === 'function') return publisherOfOne(given);
  return {
    ...(given.batchSize === undefined ? {} : { batchSize: given.batchSize }),
    publish: (emails) => given.publish(emails),
    check: () => within(patienceWithCheck, async () => given.check?.()),
    close: async () => given.close?.(),
  };
}

function publisherOfOne(publishOne: PublishOne): Publisher {
  const publish = async (email: OutgoingEmail): Promise<PublishResult> => {
    try {
      return resultOfReturned(await within(patienceWithOne, async () => publishOne(email)));
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

/** @throws PublisherAnswerError `late`, or what the work throws */
function within<T>(deadline: number, work: () => Promise<T>): Promise<T> {
  const late = (): Error => new PublisherAnswerError('late', `nothing within ${deadline / 1000} s`);
  return withDeadline(work(), deadline, late);
}
