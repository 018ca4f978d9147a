import { type Browser, chromium } from 'playwright-core';
import { chromiumPath } from '../test/support/chromium.js';
import type { Bench } from './bench.js';
import { grouped, inTurns, median, ratios, spread } from './rounds.js';
import { dropDatabase, newDatabase } from './services.js';
import { startWorker } from './worker.js';

/** Lighthouse's "slow 4G": milliseconds from request to answer, and bytes a second. */
const slow4G = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 2 ** 20) / 8,
  uploadThroughput: (0.75 * 2 ** 20) / 8,
};
const slowerProcessor = 4;

/** How long a person with a phone looks at nothing: the sign-up page with an empty cache, beside a kilobyte of bare HTML. */
export const signupPageBench: Bench = {
  name: 'signup-page',
  async run({ quick, say }) {
    if (chromiumPath === undefined) {
      say('no Chromium: set CHROMIUM_PATH');
      return [];
    }
    const database = await newDatabase();
    const server = startWorker('servers/fluentmeet.ts');
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
    try {
      const port = await server.call<number>('start', { database, bcryptCost: 4 });
      const loads: Record<'page' | 'bare', Load[]> = { page: [], bare: [] };
      const contender = (name: 'page' | 'bare') => async (round: number) => {
        const found = await load(browser, `http://127.0.0.1:${port}/${name}`);
        if (round >= 0) loads[name].push(found);
        return found.contentfulPaint;
      };
      await inTurns(1, { page: contender('page'), bare: contender('bare') });
      loads.page.length = loads.bare.length = 0;
      await inTurns(quick ? 1 : 9, { page: contender('page'), bare: contender('bare') });
      const of = (name: 'page' | 'bare', key: keyof Load): number[] => loads[name].map((one) => one[key]);
      const found = ratios(of('page', 'contentfulPaint'), of('bare', 'contentfulPaint'));
      const what = `slow 4G, processor ${slowerProcessor} times slower, empty cache`;
      return [
        {
          what: `first contentful paint, ${what}`,
          ours: `${spread(of('page', 'contentfulPaint'), 0)} ms`,
          against: `a kilobyte of bare HTML ${spread(of('bare', 'contentfulPaint'), 0)} ms`,
          ratio: spread(found),
          goal: '≤ 1.5',
          met: median(found) <= 1.5,
        },
        {
          what: `first paint, ${what}`,
          ours: `${spread(of('page', 'paint'), 0)} ms`,
          against: `a kilobyte of bare HTML ${spread(of('bare', 'paint'), 0)} ms`,
          ratio: spread(ratios(of('page', 'paint'), of('bare', 'paint'))),
          goal: '',
          met: undefined,
        },
        {
          what: 'what it loads, headers included',
          ours: amount(of('page', 'requests'), of('page', 'bytes')),
          against: `bare HTML ${amount(of('bare', 'requests'), of('bare', 'bytes'))}`,
          ...{ ratio: '', goal: '', met: undefined },
        },
      ];
    } finally {
      await browser.close();
      await server.call('stop');
      await server.stop();
      await dropDatabase(database);
    }
  },
};

interface Load {
  requests: number;
  bytes: number;
  /** Milliseconds from the navigation's start. */
  paint: number;
  contentfulPaint: number;
}

/** In a context of its own, which has neither a cache nor a connection yet. */
async function load(browser: Browser, url: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', slow4G);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowerProcessor });
  let requests = 0;
  let bytes = 0;
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    requests += 1;
    bytes += encodedDataLength;
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  const paints = await page.evaluate<Record<string, number>>(paintTimes);
  await context.close();
  return {
    ...{ requests, bytes },
    paint: paints['first-paint'] as number,
    contentfulPaint: paints['first-contentful-paint'] as number,
  };
}

const paintTimes = `new Promise((resolve) => {
  const times = {};
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) times[name] = startTime;
    if ('first-contentful-paint' in times) resolve(times);
  }).observe({ type: 'paint', buffered: true });
})`;

/** The most, for the icon comes after everything else: sometimes when nobody looks any more. */
function amount(requests: readonly number[], bytes: readonly number[]): string {
  return `${Math.max(...requests)} requests, ${grouped(Math.max(...bytes))} bytes`;
}
