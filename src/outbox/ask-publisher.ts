import { withDeadline } from '../deadline.js';
import { PublisherAnswerError, resultOfThrown, resultsOfAnswer } from './judge-answer.js';
import type { OutgoingEmail, Publisher, PublishResult } from './publisher.js';

const patience = 30_000;

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

/** @throws PublisherAnswerError `late`, or what the work throws */
export function within<T>(deadline: number, work: () => Promise<T>): Promise<T> {
  const late = (): Error => new PublisherAnswerError('late', `nothing within ${deadline / 1000} s`);
  return withDeadline(work(), deadline, late);
}
