import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import os from 'node:os';

const niceness = 10;

/**
 * Lets the event loop go before the threads that hash passwords: with every core hashing, answers would wait for a
 * processor. Linux alone gives each thread a priority of its own; which of them hash it does not tell, so all but the
 * main one yield. The others collect garbage and compile, in the background as well.
 */
export async function yieldHashing(): Promise<void> {
  if (process.platform !== 'linux') return;
  // Any work for libuv's pool starts all of its threads.
  await stat('/proc/self');
  for (const id of readdirSync('/proc/self/task').map(Number)) {
    if (id === process.pid) continue;
    try {
      os.setPriority(id, niceness);
    } catch {
      // A thread that has just ended, or a sandbox that forbids it: then they compete as equals.
    }
  }
}
