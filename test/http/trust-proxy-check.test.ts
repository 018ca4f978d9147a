import { expect } from 'chai';
import {
  type ExpressVersion,
  expressVersions,
  migratedDatabase,
  postJson,
  startHost,
  stopAll,
} from './test-host.js';

describe('the check of trust proxy', () => {
  let database: string;

  before(async () => {
    database = await migratedDatabase();
  });
  after(stopAll);

  async function warningsOf(setting: unknown, headers: Record<string, string>, version?: ExpressVersion) {
    const host = await startHost(database, {
      ...(version ? { version } : {}),
      configure: (app) => void (setting === undefined || app.set('trust proxy', setting)),
    });
    await postJson(`${host.url}/signup`, {});
    for (let request = 0; request < 2; request++) await postJson(`${host.url}/signup`, {}, headers);
    await postJson(`${host.url}/resend-verification`, {}, headers);
    return host.lines.map(({ level, event, message }) => ({ level, event, message }));
  }

  for (const version of Object.keys(expressVersions) as ExpressVersion[]) {
    it(`warns once where it is true, on ${version}`, async () => {
      const warnings = await warningsOf(true, {}, version);
      expect(warnings.map(({ level, event }) => [level, event])).to.deep.equal([
        ['warn', 'rate-limit.trust-proxy'],
      ]);
    });

    for (const [name, value] of [
      ['X-Forwarded-For', '192.0.2.1'],
      ['Forwarded', 'for=192.0.2.1'],
      ['X-Real-IP', '192.0.2.1'],
    ] as const) {
      it(`warns once, naming the setting, where it is unset and ${name} arrives, on ${version}`, async () => {
        const warnings = await warningsOf(undefined, { [name]: value }, version);
        expect(warnings.map(({ level, event }) => [level, event])).to.deep.equal([
          ['warn', 'rate-limit.trust-proxy-unset'],
        ]);
        expect(warnings[0]?.message).to.include('trust proxy').and.not.include('192.0.2.1');
      });
    }
  }

  for (const setting of [1, 'loopback', '127.0.0.1']) {
    it(`has nothing to say where it is ${setting}`, async () => {
      expect(await warningsOf(setting, { 'X-Forwarded-For': '192.0.2.1' })).to.deep.equal([]);
    });
  }

  it('has nothing to say where it is unset and nothing was forwarded', async () => {
    expect(await warningsOf(undefined, {})).to.deep.equal([]);
  });
});
