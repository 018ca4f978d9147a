import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openMailbox } from '../../src/publishers/mailbox/mailbox-publisher.js';
import { type PublisherUnderTest, rememberingPublisher } from '../../src/testing/index.js';

/** Those that need no service, for the suite under any framework. */
export function remembering(): PublisherUnderTest {
  const publisher = rememberingPublisher();
  return { publisher, received: async () => publisher.emails.map(({ headers }) => headers['event-id']) };
}

export async function mailbox(): Promise<PublisherUnderTest> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-conformance-'));
  const publisher = await openMailbox(path.join(folder, 'mailbox.jsonl'));
  return {
    publisher,
    received: async () => publisher.list().map(({ headers }) => headers['event-id']),
    end: () => rm(folder, { recursive: true }),
  };
}
