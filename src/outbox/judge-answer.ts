import { errorText } from '../logger.js';
import type { PublishResult } from './publisher.js';

/** What is wrong with a publisher's answer. Each costs the emails that it leaves without a result an attempt. */
export type AnswerFault =
  /** Nothing, as of a forgotten `return`. */
  | 'no-answer'
  | 'not-an-array'
  /** More results than emails: nobody can tell whose they are. */
  | 'too-many-results'
  /** The others have one. */
  | 'no-result'
  | 'unknown-status'
  /** `rejected` or `unavailable` without the error that says why. */
  | 'no-error'
  /** It threw something that is no error. */
  | 'threw-no-error'
  /** Reading it threw. */
  | 'unreadable'
  | 'late';

/** A publisher answered, or failed to answer, in a way that says nothing of the email. */
export class PublisherAnswerError extends Error {
  override readonly name = 'PublisherAnswerError';
  constructor(
    readonly code: AnswerFault,
    detail = '',
  ) {
    super(`the publisher's answer cannot be used: ${code}${detail && ` (${detail})`}`);
  }
}

/**
 * The results in an answer of a publisher's, one well-formed one for each email. An answer of another shape is never a
 * success, nor an outage, which would hold up everybody's emails: it costs the emails that it says nothing of an attempt.
 */
export function resultsOfAnswer(answer: unknown, emails: number): PublishResult[] {
  const fault = faultOfAnswer(answer, emails);
  return Array.from({ length: emails }, (_, index) =>
    fault ? rejected(fault) : readResult(() => (answer as unknown[])[index]),
  );
}

function faultOfAnswer(answer: unknown, emails: number): PublisherAnswerError | undefined {
  if (answer === undefined || answer === null)
    return new PublisherAnswerError('no-answer', 'a forgotten return?');
  if (!Array.isArray(answer)) return new PublisherAnswerError('not-an-array', `a ${typeof answer}`);
  if (answer.length <= emails) return undefined;
  return new PublisherAnswerError('too-many-results', `${answer.length} for ${emails} emails`);
}

/** Its properties may be anybody's getters: each is read once, and may throw. */
function readResult(read: () => unknown): PublishResult {
  try {
    const result = read();
    if (typeof result !== 'object' || result === null) {
      return rejected(
        new PublisherAnswerError('no-result', result === undefined ? '' : `a ${typeof result}`),
      );
    }
    // Its failure is told here; unhandled, it would end the process.
    if (result instanceof Promise) result.catch(() => undefined);
    const { status, error } = result as { status?: unknown; error?: unknown };
    switch (status) {
      case 'published':
        return { status };
      case 'rejected':
      case 'unavailable':
        return isError(error)
          ? { status, error: keptError(error) }
          : rejected(new PublisherAnswerError('no-error', status));
      default:
        return rejected(new PublisherAnswerError('unknown-status', describeStatus(status)));
    }
  } catch {
    return rejected(new PublisherAnswerError('unreadable'));
  }
}

/** Of a publisher of one: returning is published, unless it took the trouble to answer otherwise. */
export function resultOfReturned(returned: unknown): PublishResult {
  let status: unknown;
  try {
    status = (returned as { status?: unknown } | null | undefined)?.status;
  } catch {
    return { status: 'published' };
  }
  return status === 'rejected' || status === 'unavailable'
    ? readResult(() => returned)
    : { status: 'published' };
}

export function resultOfThrown(thrown: unknown): PublishResult {
  try {
    if (!isError(thrown)) return rejected(new PublisherAnswerError('threw-no-error', typeof thrown));
    const { outage } = thrown as { outage?: unknown };
    return { status: outage === true ? 'unavailable' : 'rejected', error: keptError(thrown) };
  } catch {
    return rejected(new PublisherAnswerError('unreadable'));
  }
}

function rejected(error: Error): PublishResult {
  return { status: 'rejected', error };
}

/** An error of another realm (a test runner's, say) is no instance of our `Error`. */
function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && typeof (value as Error).message === 'string';
}

/** What is kept of an error: nothing of it can throw later, and its text is fit for the log. */
function keptError(error: Error): Error {
  const { message, name, code, cause } = error as Error & { code?: unknown };
  const kept = new Error(
    errorText(message),
    isError(cause) ? { cause: new Error(errorText(cause.message)) } : {},
  );
  return Object.assign(
    kept,
    typeof name === 'string' ? { name } : {},
    typeof code === 'string' ? { code } : {},
  );
}

function describeStatus(status: unknown): string {
  return typeof status === 'string' ? `"${status.slice(0, 40)}"` : `a status of type ${typeof status}`;
}
