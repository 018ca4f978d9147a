import { listen } from '../../src/cli/server/listen.js';
import { createApp } from '../../src/cli/server/app.js';
import { withCleanup } from '../../src/cli/server/cleanup.js';
import { untilAborted } from '../../src/deadline.js';
import { createFluentMeet, type FluentMeetOptions } from '../../src/index.js';
import { childLogger } from './child-logger.js';

/** `fluentmeet serve` in all but the bcrypt cost, which that one refuses. */
const options = JSON.parse(process.env['FAULTS_OPTIONS'] as string) as FluentMeetOptions;
const logger = childLogger();
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());

await withCleanup(async (defer) => {
  const fluentmeet = createFluentMeet({ ...options, logger });
  defer(() => fluentmeet.stop());
  await fluentmeet.start();
  const app = createApp({ fluentmeet, logger, trustProxy: false });
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0, portAdvice: '' });
  defer(close);
  logger.info({ event: 'host.listening', port }, 'Listening');
  await untilAborted(stopping.signal);
});
