import { expect } from 'chai';
import { authRouter } from '../../src/http/index.js';
import type { FluentMeetOptions } from '../../src/index.js';
import {
  type ExpressVersion,
  expressVersions,
  migratedDatabase,
  postJson,
  startHost,
  stopAll,
} from './test-host.js';

describe('the check of where the routes are mounted', () => {
  let database: string;

  before(async () => {
    database = await migratedDatabase();
  });
  after(stopAll);

  async function warningsOf(
    path: string,
    options: Partial<FluentMeetOptions> = {},
    version: ExpressVersion = 'Express 5',
  ) {
    const host = await startHost(database, {
      version,
      options,
      configure: (app, fluentmeet) => void app.use(path, authRouter(fluentmeet)),
    });
    const { origin } = new URL(host.url);
    for (let request = 0; request < 2; request++) await postJson(`${origin}${path}/signup`, {});
    await postJson(`${origin}${path}/resend-verification`, {});
    return host.lines;
  }

  for (const version of Object.keys(expressVersions) as ExpressVersion[]) {
    it(`warns once where the links lead elsewhere, on ${version}`, async () => {
      const [warning, ...more] = await warningsOf('/auth', {}, version);
      expect(more).to.deep.equal([]);
      expect(warning).to.include({
        level: 'warn',
        event: 'http.mounted-elsewhere',
        mountedAt: '/auth/verify-email',
        linksLeadTo: 'https://app.example.com/api/v1/auth/verify-email',
      });
      expect(warning?.message).to.include('verificationUrl');
    });
  }

  it('has nothing to say at the usual path, also below one that a proxy keeps or takes off', async () => {
    expect(await warningsOf('/API/v1/auth')).to.deep.equal([]);
    expect(await warningsOf('/club/api/v1/auth')).to.deep.equal([]);
    expect(await warningsOf('/api/v1/auth', { publicUrl: 'https://example.com/club' })).to.deep.equal([]);
  });

  it('has nothing to say where the page of the link is named', async () => {
    const verificationUrl = 'https://app.example.com/welcome';
    expect(await warningsOf('/auth', { verificationUrl })).to.deep.equal([]);
  });
});
