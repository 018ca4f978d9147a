import { runAtEnd } from './at-end.js';

/** Nothing is started up front: the services start at their first use, and end here. */
export async function mochaGlobalTeardown(): Promise<void> {
  await runAtEnd();
}
