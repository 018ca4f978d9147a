import { expect } from 'chai';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
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

  it('says why Redis is away, once, and again where it is something else', async function () {
    const redis = await requireOwnRedis(this);
    const logger = captureLogger();
    const client = await connectRedis(redis.url, logger);
    try {
      await until(() => client.sendCommand(['PING']).then(Boolean, () => false), 'Redis answers');
      await redis.kill();
      const said = () => logger.entries.map(({ data }) => JSON.stringify(data['error']));
      await until(() => said().some((error) => error.includes('"code":"ECONNREFUSED"')), 'it is refused');
      expect(said()[0]).to.match(/Socket closed unexpectedly|ECONNRESET|EPIPE/);
      expect(new Set(said()).size).to.equal(said().length);
    } finally {
      client.close();
    }
  });

  it('fails at once while Redis is silent, until it is heard again', async function () {
    const redis = await requireOwnRedis(this);
    const client = await connectRedis(redis.url, captureLogger());
    const ping = () => client.sendCommand(['PING']).then(String, (error: Error) => error.message);
    await until(async () => (await ping()) === 'PONG', 'Redis answers');
    redis.freeze();
    const begun = performance.now();
    expect(await ping()).to.equal('Redis is silent');
    for (let more = 0; more < 50; more++) expect(await ping()).to.equal('Redis is silent');
    expect(performance.now() - begun).to.be.below(5_000);
    redis.thaw();
    await until(async () => (await ping()) === 'PONG', 'Redis answers again');
    client.close();
  });

  it('hears Redis again where the late answer is an error', async () => {
    const lateError = 1_200;
    const redis = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        const slow = data.includes('SLOW');
        // An answer to each command of the chunk.
        const answer = slow
          ? '-BUSY Redis is busy\r\n'
          : '+OK\r\n'.repeat(data.toString().split('*').length - 1);
        setTimeout(() => socket.write(answer), slow ? lateError : 0);
      });
    }).listen(0, '127.0.0.1');
    await once(redis, 'listening');
    const client = await connectRedis(
      `redis://127.0.0.1:${(redis.address() as AddressInfo).port}`,
      captureLogger(),
    );
    const ask = (word: string) => client.sendCommand([word]).then(String, (error: Error) => error.message);
    try {
      await until(async () => (await ask('PING')) === 'OK', 'it answers');
      expect(await ask('SLOW')).to.equal('Redis is silent');
      expect(await ask('PING')).to.equal('Redis is silent');
      await until(async () => (await ask('PING')) === 'OK', 'it is heard again', 5_000);
    } finally {
      client.close();
      redis.close();
    }
  });

  it('gives a silent connection up, and makes another', async function () {
    const redis = await requireOwnRedis(this);
    const logger = captureLogger();
    const client = await connectRedis(redis.url, logger, { mostSilence: 1_500 });
    const ping = () => client.sendCommand(['PING']).then(String, () => '');
    await until(async () => (await ping()) === 'PONG', 'Redis answers');
    redis.freeze();
    await ping();
    await until(
      async () => {
        await ping();
        // A command a moment: none of them may put off the end.
        return logger.entries.some(({ data }) => data.event === 'redis.away');
      },
      'the connection is given up',
      30_000,
    );
    redis.thaw();
    await until(async () => (await ping()) === 'PONG', 'Redis answers on another', 30_000);
    client.close();
  });
});
