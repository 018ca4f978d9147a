import { requireAsExpected } from './area.js';
import { everyLogLevel, runCliCanaries } from './canary-cli.js';
import { runHttpCanaries } from './canary-http.js';

/** The short form of what looks for secrets in all that was written; the rest is in `hostile.test.ts`. */
describe('a hostile reader', function () {
  this.timeout(120_000);

  it('reads no secret and nobody’s address in any answer, log or message', async () => {
    requireAsExpected(await runHttpCanaries());
  });

  it('reads none on the command line', async () => {
    requireAsExpected(await runCliCanaries({ logLevels: everyLogLevel.slice(1, 2) }));
  });
});
