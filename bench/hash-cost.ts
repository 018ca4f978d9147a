import type { Bench, Row } from './bench.js';
import { inTurns, median, ratios, spread } from './rounds.js';
import { startWorker } from './worker.js';

/** What `serve` takes. The default is in the middle. */
const costs = [10, 11, 12, 13] as const;

/** Hashes a second on one core, the others idle: what the capacity model of docs/scaling.md stands on. */
export const hashCost: Bench = {
  name: 'hash-cost',
  async run({ quick }) {
    const bare = startWorker('servers/bare-bcrypt.ts');
    try {
      const contenders = Object.fromEntries(
        costs.map((cost) => [
          `cost ${cost}`,
          () => bare.call<number>('run', { cost, concurrency: 1, seconds: quick ? 1 : 4 }),
        ]),
      );
      const rates = await inTurns(quick ? 1 : 5, contenders);
      return costs.map((cost): Row => {
        const ours = rates[`cost ${cost}`] as number[];
        const cheapest = rates[`cost ${costs[0]}`] as number[];
        return {
          what: `bcrypt cost ${cost}, one core`,
          ours: `${spread(ours)} hashes/s, ${(1000 / median(ours)).toFixed(0)} ms each`,
          against: `cost ${costs[0]}: ${spread(cheapest)}`,
          ratio: spread(ratios(ours, cheapest)),
          goal: '',
          met: undefined,
        };
      });
    } finally {
      await bare.stop();
    }
  },
};
