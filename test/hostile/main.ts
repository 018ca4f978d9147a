import { runAtEnd } from '../support/at-end.js';
import type { AreaReport } from './area.js';
import { everyLogLevel, runCliCanaries } from './canary-cli.js';
import { runHttpCanaries } from './canary-http.js';
import { runLimits } from './limits.js';
import { runLoad } from './load.js';
import { runOpenApiFuzz } from './openapi-fuzz.js';
import { runProperties } from './properties.js';
import { runRequestCases } from './request-cases.js';
import { runSignupCases } from './signup-cases.js';
import { runSlowClients } from './slow-clients.js';
import { renderTable } from './table.js';

/** In the order of the table. Each gives one line or several. */
const parts: Readonly<Record<string, () => Promise<AreaReport | AreaReport[]>>> = {
  properties: () => runProperties({ runs: 2_000, seconds: 15 }),
  cases: runSignupCases,
  requests: runRequestCases,
  canary: async () => [await runHttpCanaries(), await runCliCanaries({ logLevels: everyLogLevel })],
  openapi: () => runOpenApiFuzz({ examples: 30 }),
  limits: () => runLimits({ processes: true }),
  slow: () => runSlowClients(20),
  load: () => runLoad({ perSecond: 500, seconds: 20 }),
};

/** Run where they are named. */
const short: Readonly<Record<string, () => Promise<AreaReport | AreaReport[]>>> = {
  'openapi-short': () => runOpenApiFuzz({ examples: 10, short: true }),
};

/** `npm run test:hostile`, or `npm run test:hostile -- load canary` for some parts. */
async function main(wanted: readonly string[]): Promise<number> {
  const all = { ...parts, ...short };
  const unknown = wanted.filter((name) => !(name in all));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(', ')}. There are: ${Object.keys(all).join(', ')}`);
    return 2;
  }
  const reports: AreaReport[] = [];
  try {
    for (const [name, run] of Object.entries(wanted.length > 0 ? all : parts)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const start = performance.now();
      reports.push(...[await run().catch((error: Error) => crashed(name, error))].flat());
      console.error(`${name}: ${Math.round((performance.now() - start) / 1000)} s`);
    }
  } finally {
    await runAtEnd();
  }
  console.log(renderTable(reports));
  return reports.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

function crashed(area: string, error: Error): AreaReport {
  return { area, cases: 1, asExpected: 0, figures: '', faults: [error.stack ?? error.message] };
}

process.exitCode = await main(process.argv.slice(2));
