import { expect } from 'chai';
import { connectRedis } from '../../../src/cli/server/redis-client.js';
import { until } from '../../fluentmeet/test-instance.js';
import { captureLogger } from '../../support/log-capture.js';
import { requireOwnRedis } from '../../support/redis.js';

describe('connectRedis', () => {
  it('lets go of a connection that was still being made when it was closed', async function () {
    const redis = await requireOwnRedis(this);
    const logger = captureLogger();
    const looking = await connectRedis(redis.url, logger);
    const ask = (...command: string[]) => looking.sendCommand(command).then(String, () => '');
    await until(async () => (await ask('PING')) === 'PONG', 'Redis answers');
    for (let count = 0; count < 3; count++) (await connectRedis(redis.url, logger)).close();
    await until(
      async () => Number(/total_connections_received:(\d+)/.exec(await ask('INFO', 'stats'))?.[1]) >= 4,
      'each has come',
    );
    await until(
      async () => (await ask('CLIENT', 'LIST')).trim().split('\n').length === 1,
      'each has gone again',
    );
    looking.close();
    expect(logger.entries).to.deep.equal([]);
  });
});
