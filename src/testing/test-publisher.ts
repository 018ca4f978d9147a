import assert from 'node:assert/strict';
import { adaptPublisher, askPublisher } from '../outbox/ask-publisher.js';
import type { OutgoingEmail, PublishMany, PublishOne, Publisher } from '../outbox/publisher.js';
import { templateNames } from '../outbox/templates.js';
import { sampleEmail } from '../outbox/sample-email.js';

/** A publisher with what the suite needs to look behind it. What is left out is not tested. */
export interface PublisherUnderTest {
  publisher: PublishOne | PublishMany;
  /** The event ids that arrived where it publishes to, in any order. */
  received?: (() => Promise<readonly string[]>) | undefined;
  /** An email that is refused for its own sake, every time. */
  refused?: OutgoingEmail | undefined;
  /** Takes away what it publishes to, and brings it back. */
  interrupt?: (() => Promise<void>) | undefined;
  restore?: (() => Promise<void>) | undefined;
  /** Ends what `make` started besides the publisher. */
  end?: (() => Promise<void>) | undefined;
}

/** `describe` and `it` of mocha, node:test, Jest or vitest. */
export interface TestFramework {
  describe: (name: string, body: () => void) => unknown;
  it: (name: string, body: () => Promise<void>) => unknown;
}

/**
 * What every publisher owes the relay, as tests: registers them with the framework at hand.
 *
 * @param make called for each test: the publisher, or the publisher with what its tests need
 */
export function testPublisher(
  make: () =>
    Promise<PublisherUnderTest | PublishOne | PublishMany> | PublisherUnderTest | PublishOne | PublishMany,
  { describe, it }: TestFramework,
): void {
  /** A test with a publisher of its own, which is closed whatever happens. */
  const test = (
    name: string,
    body: (publisher: Publisher, made: PublisherUnderTest) => Promise<void>,
  ): void => {
    it(name, async () => {
      const made = asUnderTest(await make());
      const publisher = adaptPublisher(made.publisher);
      try {
        await body(publisher, made);
      } finally {
        await publisher.close();
        await made.end?.();
      }
    });
  };

  describe('a publisher', () => {
    test('publishes one email, and says so', async (publisher, made) => {
      const email = sampleEmail();
      assert.deepEqual(await statuses(publisher, [email]), ['published']);
      await assertReceived(made, [email]);
    });

    test('answers for each email of a batch', async (publisher, made) => {
      const emails = Array.from({ length: Math.min(publisher.batchSize ?? 25, 25) }, (_, index) =>
        sampleEmail({ to: `person-${index}@example.com` }),
      );
      assert.deepEqual(
        await statuses(publisher, emails),
        emails.map(() => 'published'),
      );
      await assertReceived(made, emails);
    });

    test('publishes every template, to a person without a name, in any script', async (publisher, made) => {
      const emails = templateNames.flatMap((template) => [
        sampleEmail({ template, full_name: null, language: 'pt-BR' }),
        sampleEmail({ template, full_name: 'علي محمد 李\u{20BB7}', language: 'ar' }),
      ]);
      for (const email of emails) assert.deepEqual(await statuses(publisher, [email]), ['published']);
      await assertReceived(made, emails);
    });

    test('goes on after one call to the next', async (publisher, made) => {
      const emails = [sampleEmail(), sampleEmail()];
      for (const email of emails) assert.deepEqual(await statuses(publisher, [email]), ['published']);
      await assertReceived(made, emails);
    });

    test('says that it could publish now', (publisher) => publisher.check());

    test('may be closed before it published anything, and twice', async (publisher) => {
      await publisher.close();
      await publisher.close();
    });

    test('refuses an email for its own sake, and publishes its neighbours', async (publisher, made) => {
      if (!made.refused) return;
      const neighbours = [sampleEmail(), sampleEmail()] as const;
      const batch = [neighbours[0], made.refused, neighbours[1]];
      assert.deepEqual(await statuses(publisher, batch), ['published', 'rejected', 'published']);
      await assertReceived(made, neighbours);
    });

    test('tells an outage from a fault of the email, and publishes when it is over', async (publisher, made) => {
      if (!made.interrupt || !made.restore) return;
      const email = sampleEmail();
      await made.interrupt();
      try {
        assert.deepEqual(await statuses(publisher, [email]), ['unavailable']);
        await assert.rejects(publisher.check(), Error, 'check() says during an outage that it could publish');
      } finally {
        await made.restore();
      }
      assert.deepEqual(await statuses(publisher, [email]), ['published']);
    });
  });
}

function asUnderTest(made: PublisherUnderTest | PublishOne | PublishMany): PublisherUnderTest {
  return typeof made === 'object' && 'publisher' in made ? made : { publisher: made };
}

/** As the relay asks, so that an answer of another shape shows as the failure that it is to the relay. */
async function statuses(publisher: Publisher, emails: readonly OutgoingEmail[]): Promise<string[]> {
  const results = await askPublisher(publisher, emails);
  return results.map((result) =>
    // Its own words say what was wrong with an answer.
    'error' in result && result.error.name === 'PublisherAnswerError' ? result.error.message : result.status,
  );
}

async function assertReceived(
  { received }: PublisherUnderTest,
  emails: readonly OutgoingEmail[],
): Promise<void> {
  if (!received) return;
  const arrived = new Set(await received());
  const missing = emails.map(({ headers }) => headers['event-id']).filter((id) => !arrived.has(id));
  assert.deepEqual(missing, [], 'emails that were said to be published did not arrive');
}
