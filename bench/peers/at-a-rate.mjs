import { setTimeout as delay } from 'node:timers/promises';
import { payload } from './message.mjs';

/**
 * Adds a job every so often, as signups would. Resolves with when each was committed: the key of its message, and
 * milliseconds since 1970 once the insert had its answer. That is late, in the peer's favour.
 */
export async function addAtARate(add, { perSecond, seconds }) {
  const committed = [];
  const adding = [];
  const start = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    await delay(Math.max(0, start + (index * 1000) / perSecond - performance.now()));
    const message = payload(index);
    adding.push(add(message).then(() => committed.push([message.key, Date.now()])));
  }
  await Promise.all(adding);
  return committed;
}
