import { setTimeout as delay } from 'node:timers/promises';

import type { Row } from '../row.js';
import { prepare, startBehindProxy } from './prepare.js';

const hour = 3_600_000;

/** Clocks that are wrong, and outages that outlive what they hold up. */
export const timeFaults: readonly Row[] = [
  wrongClock('clock-ahead', "the application's clock an hour ahead", hour),
  wrongClock('clock-behind', "the application's clock an hour behind", -hour),
  wrongClock(
    'clock-jumping',
    "the application's clock jumps ten minutes ahead and back, every 2 s",
    hour / 6,
    2_000,
  ),
  wrongClock('clock-jumping-back', 'the same, ten minutes behind', -hour / 6, 2_000),
  {
    name: 'token-outlived',
    title: "an outage longer than the token's life (20 s)",
    expect: {
      duplicates: 'possible',
      reissues: true,
      recovery: 15,
      keepsLatency: true,
      event: 'relay.away',
    },
    async play(stage) {
      const proxy = await startBehindProxy(stage, { options: { tokenTtl: '20s' } });
      await stage.breakWhile(async () => {
        await proxy.tcp.setMode('refuse');
        await delay(25_000);
        await proxy.tcp.setMode('pass');
      });
    },
  },
];

function wrongClock(name: string, title: string, clockShift: number, clockJumps = 0): Row {
  return {
    name,
    title,
    expect: { duplicates: 'none', recovery: 5 },
    async play(stage) {
      await prepare(stage);
      await stage.start({ clockShift, clockJumps });
      await stage.brokenThroughout();
    },
  };
}
