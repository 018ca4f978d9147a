import { createFluentMeet, type FluentMeet, internalsOf } from '../fluentmeet.js';
import { given } from '../given.js';
import type { FluentMeetOptions } from '../options/options.js';
import { claimEmails } from '../outbox/claim-emails.js';
import { writeRequestedEmails } from '../outbox/email-request.js';
import { publishBatch } from '../relay/publish-batch.js';
import {
  newestTo,
  type RememberingPublisher,
  rememberingPublisher,
  waitForLink,
} from './remembering-publisher.js';

/** All of the instance's options; only `database` must be given. */
export type TestFluentMeetOptions = Pick<FluentMeetOptions, 'database'> &
  Partial<Omit<FluentMeetOptions, 'kafka' | 'publisher'>>;

/** An instance that publishes into memory. */
export interface TestFluentMeet extends FluentMeet {
  readonly publisher: RememberingPublisher;
  /** Publishes what is due, without a relay. */
  publishEmails(): Promise<void>;
  /** Publishes what is due and resolves with the newest verification link to this address; waits for it. @throws Error after some seconds */
  lastLinkTo(address: string): Promise<string>;
}

const many = 1_000_000;
/** The most that a mailbox's limits can be. Counts outlive emptied tables, and tests take the same address again and again. */
const most = { minute: 1000, day: 1000 };
const hardlyAny = {
  rateLimits: { signup: many, verify: many, resend: many, status: many, challenge: many },
  mailboxLimits: { signup: most, resend: most },
};

/**
 * An instance for a host's tests: PostgreSQL is needed, Kafka is not. It hashes as cheaply as bcrypt can, limits no route
 * and hardly a mailbox (failed log-ins it limits as ever), logs nothing, and keeps its emails in memory. As with
 * `createFluentMeet`: `await fluentmeet.migrate()`, and `await fluentmeet.stop()` at the end.
 *
 * @throws InvalidOptionsError
 */
export function createTestFluentMeet(options: TestFluentMeetOptions): TestFluentMeet {
  const publisher = rememberingPublisher();
  const { rateLimits, mailboxLimits, ...others } = given(options);
  const limits = { rateLimits, mailboxLimits };
  const fluentmeet = createFluentMeet({
    publicUrl: 'http://localhost:3000',
    secret: 'for tests alone, 32 characters and more',
    bcryptCost: 4,
    logger: silent,
    ...others,
    ...(over(hardlyAny, limits) as typeof limits),
    publisher,
  });
  const context = internalsOf(fluentmeet);

  async function publishEmails(): Promise<void> {
    await writeRequestedEmails(context);
    for (;;) {
      const batch = await claimEmails(context, { limit: 1_000, kind: 'healthy' });
      if (batch.emails.length === 0) return;
      await publishBatch(context, publisher, batch, new AbortController().signal);
    }
  }

  return Object.assign(fluentmeet, {
    publisher,
    publishEmails,
    // Whoever signs up in a browser may not have an answer yet.
    lastLinkTo: (address: string) =>
      waitForLink(address, async () => {
        await publishEmails();
        return newestTo(address, publisher.emails);
      }),
  });
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** What is given in the place of ours, key by key. What is none of an object's is left to the check of the options. */
function over(ours: unknown, own: unknown): unknown {
  if (own === undefined) return ours;
  if (!isObject(ours) || !isObject(own)) return own;
  const merged = Object.entries(given(own)).map(([key, value]) => [key, over(ours[key], value)]);
  return { ...ours, ...Object.fromEntries(merged) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
