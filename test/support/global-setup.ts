import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runAtEnd } from './at-end.js';

/** Everything that the run shares ends sooner, and what one test left open is not waited for longer. */
const endTime = 60_000;

/** The environment hands it to the workers of `mocha --parallel`, which end before they could tidy up. */
const folderOfRun = 'FLUENTMEET_TESTS_FOLDER';

/** No service is started up front: they start at their first use. */
export function mochaGlobalSetup(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'fluentmeet-tests-'));
  chmodSync(folder, 0o755); // as root, PostgreSQL runs as another user, who has to get in
  process.env[folderOfRun] = folder;
}

export const mochaHooks = {
  /** Temporary files lie in one folder; those of `tsx`, which has started by now, are of use to the next run. */
  beforeAll(): void {
    process.env['TMPDIR'] = process.env[folderOfRun];
  },
};

export async function mochaGlobalTeardown(): Promise<void> {
  // Unreferenced, so that it holds nobody up: it runs where something else keeps the process alive, and says what.
  setTimeout(() => {
    console.error(
      `The run does not end by itself. Still open: ${process.getActiveResourcesInfo().join(', ')}`,
    );
    // Said last, for mocha sets the code on exit to the number of failures.
    process.once('exit', () => (process.exitCode = 1));
    process.exit();
  }, endTime).unref();
  await runAtEnd();
  // The servers of a worker end with it, and write while they do.
  await rm(process.env[folderOfRun] as string, { recursive: true, force: true, maxRetries: 20 });
}
