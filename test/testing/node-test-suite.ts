import { describe, it } from 'node:test';
import { testPublisher } from '../../src/testing/index.js';
import { mailbox, remembering } from './publishers.js';

// Run by node:test, in a process of its own: see test-publisher.test.ts.
testPublisher(remembering, { describe, it });
testPublisher(mailbox, { describe, it });
if (process.env['WITH_A_BAD_ONE']) {
  testPublisher(() => ({ publish: async () => undefined as never }), { describe, it });
}
