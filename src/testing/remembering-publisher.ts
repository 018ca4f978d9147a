import type { OutgoingEmail, Publisher } from '../outbox/publisher.js';
import { canonicalEmailAddress } from '../users/email-address.js';

/** A publisher that keeps in memory what it is given. */
export interface RememberingPublisher extends Publisher {
  /** Everything published, oldest first. */
  readonly emails: readonly OutgoingEmail[];
  /** The newest verification link to this address; waits until there is one. @throws Error after some seconds */
  lastLinkTo(address: string): Promise<string>;
  /** Forgets everything. */
  clear(): void;
}

/** Less than the five seconds that test runners give a test, so that our error is seen. */
const patience = 3_000;
const lookAgainAfter = 5;

/** What every remembering publisher of this process was given last. */
const lastEmails = new Map<string, OutgoingEmail>();

/** For tests: a publisher without a broker. */
export function rememberingPublisher(): RememberingPublisher {
  let emails: OutgoingEmail[] = [];
  return {
    get emails() {
      return emails;
    },
    async publish(outgoing) {
      for (const email of outgoing) {
        emails.push(email);
        if (linkOf(email) !== undefined) lastEmails.set(email.value.to, email);
      }
      return outgoing.map(() => ({ status: 'published' }));
    },
    async check() {},
    async close() {},
    lastLinkTo: (address) => waitForLink(address, async () => newestTo(address, emails)),
    clear() {
      for (const email of emails)
        if (lastEmails.get(email.value.to) === email) lastEmails.delete(email.value.to);
      emails = [];
    },
  };
}

/**
 * The newest verification link that any remembering publisher of this process was given for this address; waits until
 * there is one. It comes from a relay: `start()` it, or use `createTestFluentMeet`, whose own `lastLinkTo` publishes.
 *
 * @throws Error after some seconds
 */
export function lastLinkTo(address: string): Promise<string> {
  return waitForLink(address, async () => lastEmails.get(canonical(address)));
}

export function newestTo(address: string, emails: readonly OutgoingEmail[]): OutgoingEmail | undefined {
  return emails.findLast((email) => isLinkTo(email, canonical(address)));
}

export async function waitForLink(
  address: string,
  find: () => Promise<OutgoingEmail | undefined>,
): Promise<string> {
  const deadline = performance.now() + patience;
  for (;;) {
    const email = await find();
    if (email) return linkOf(email) as string;
    if (performance.now() > deadline) {
      throw new Error(`no verification link to ${address} was published within ${patience / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, lookAgainAfter));
  }
}

function isLinkTo(email: OutgoingEmail, address: string): boolean {
  return email.value.to === address && linkOf(email) !== undefined;
}

function linkOf({ value }: OutgoingEmail): string | undefined {
  return value.template === 'verification' ? value.data.verification_link : undefined;
}

/** As a test writes it; mails go to the form in which addresses are stored. */
function canonical(given: string): string {
  const stored = canonicalEmailAddress(given);
  return stored.ok ? stored.address : given.trim().toLowerCase();
}
