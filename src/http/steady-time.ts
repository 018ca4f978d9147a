import { setTimeout as delay } from 'node:timers/promises';

/** Longer than the database work of either path takes unless the database is in trouble. Milliseconds. */
const step = 200;

/**
 * Waits until a multiple of 200 ms has passed since `start` (of `performance.now()`), so that what was done meanwhile,
 * and with it whether an address is known, does not show in the time of the answer.
 */
export async function untilNextStep(start: number): Promise<void> {
  const elapsed = performance.now() - start;
  // Rounded up, because a timer drops fractions of a millisecond.
  await delay(Math.ceil(step - (elapsed % step)));
}
