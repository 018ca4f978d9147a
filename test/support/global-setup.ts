import { runAtEnd } from './at-end.js';

/** Everything that the run shares ends sooner, and what one test left open is not waited for longer. */
const endTime = 60_000;

/** Nothing is started up front: the services start at their first use, and end here. */
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
}
