/**
 * Starts to measure: what it returns tells the milliseconds since. A monotonic clock alone leaves out the time that a
 * suspended machine slept, and nobody else's lease slept with it. A wall clock that is set forward makes it too long.
 */
export function startStopwatch(): () => number {
  const [ticks, time] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - ticks, Date.now() - time);
}
