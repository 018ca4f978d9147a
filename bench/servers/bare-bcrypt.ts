/** bcrypt and nothing else, as a worker. */
import bcrypt from 'bcrypt';
import { answerCalls } from '../worker.js';

answerCalls({
  /** Hashes a second, each lane hashing one after the other. */
  async run({
    cost,
    concurrency,
    seconds,
  }: {
    cost: number;
    concurrency: number;
    seconds: number;
  }): Promise<number> {
    const start = performance.now();
    let hashes = 0;
    const lane = async (): Promise<void> => {
      while (performance.now() - start < seconds * 1000) {
        await bcrypt.hash('MyStr0ngP@ss!', cost);
        hashes += 1;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    return hashes / ((performance.now() - start) / 1000);
  },
});
