import { type AreaReport, requireAsExpected } from './area.js';
import { runLimits } from './limits.js';
import { runProperties } from './properties.js';
import { runRequestCases } from './request-cases.js';
import { runSignupCases } from './signup-cases.js';
import { runSlowClients } from './slow-clients.js';
import { skipFor } from '../support/skip.js';

/** The short form; `npm run test:hostile` is the long one. */
describe('a hostile client', function () {
  this.timeout(120_000);

  // A quarter of a minute of waiting, during which the others can go on.
  let slowClients: Promise<AreaReport>;
  before(() => {
    slowClients = runSlowClients(2);
    slowClients.catch(() => undefined);
  });

  it('gets the contract’s answer to every address, password, name, language tag and body', async () => {
    for (const report of await runSignupCases()) requireAsExpected(report);
  });

  it('gets the contract’s answer to every header, method and token', async () => {
    for (const report of await runRequestCases()) requireAsExpected(report);
  });

  it('finds no body that is answered otherwise, echoed, or half written', async () => {
    requireAsExpected(await runProperties({ runs: 60, seconds: 1 }));
  });

  it('has one budget at two servers, with Redis, without it, and whatever it says it is', async function () {
    const report = await runLimits({ processes: false });
    if (report.pending !== undefined) skipFor(this, report.pending);
    requireAsExpected(report);
  });

  it('is cut off when it takes its time', async () => {
    requireAsExpected(await slowClients);
  });
});
