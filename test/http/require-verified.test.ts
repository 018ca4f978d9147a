import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { requireVerified, type UserId } from '../../src/http/index.js';
import {
  errorBody,
  type ExpressVersion,
  expressVersions,
  type Host,
  migratedDatabase,
  query,
  signedUp,
  startHost,
  stopAll,
} from './test-host.js';

const notVerified = errorBody('EMAIL_NOT_VERIFIED', 'The email address of this account is not verified yet.');

for (const version of Object.keys(expressVersions) as ExpressVersion[]) {
  describe(`requireVerified on ${version}`, () => {
    let host: Host;
    let userId: () => UserId | Promise<UserId>;

    before(async () => {
      host = await startHost(await migratedDatabase(), {
        version,
        configure: (app, fluentmeet) => {
          const handler: RequestHandler = (_req, res) => void res.send('the meeting');
          app.get(
            '/meeting',
            requireVerified(fluentmeet, () => userId()),
            handler,
          );
        },
      });
    });
    after(stopAll);

    const meeting = () => fetch(new URL('/meeting', host.url));

    it('lets a verified account pass, by its id in any type', async () => {
      const { id, token } = await signedUp(host);
      await host.fluentmeet.verifyEmail(token);
      for (const each of [id, String(id), BigInt(id), Promise.resolve(id)]) {
        userId = () => each;
        const response = await meeting();
        expect([response.status, await response.text()]).to.deep.equal([200, 'the meeting']);
      }
    });

    it('keeps out the unverified, deleted, inactive and unknown, and nobody', async () => {
      const unverified = await signedUp(host);
      const gone = [];
      for (const change of ['is_active = false', 'deleted_at = now()']) {
        const user = await signedUp(host);
        await host.fluentmeet.verifyEmail(user.token);
        await query(host.fluentmeet, `update users set ${change} where id = $1 returning id`, [user.id]);
        gone.push(user.id);
      }
      const ids: unknown[] = [
        unverified.id,
        ...gone,
        0,
        -1,
        1.5,
        Number.NaN,
        10 ** 30,
        '',
        "1' or true",
        '9'.repeat(19),
        undefined,
        null,
        [1],
      ];
      for (const each of ids) {
        userId = () => each as UserId;
        const response = await meeting();
        expect(response.status, String(each)).to.equal(403);
        expect(await response.json()).to.deep.equal(notVerified);
      }
    });

    it("leaves the errors of the host's own lookup to the host", async () => {
      for (const fail of [
        () => Promise.reject(new Error('no session')),
        () => {
          throw new Error('no session');
        },
      ]) {
        userId = fail;
        const response = await meeting();
        expect([response.status, await response.text()]).to.deep.equal([418, 'host: no session']);
      }
    });
  });
}

describe('requireVerified', () => {
  after(stopAll);

  it('refuses at the mount to be without the function', async () => {
    await startHost('postgres://nobody@127.0.0.1:1/none', {
      configure: (_app, fluentmeet) =>
        expect(() => requireVerified(fluentmeet, undefined as never)).to.throw(
          TypeError,
          /needs a function .* req\.session\.userId/,
        ),
    });
  });

  it('answers 503, and lets nobody pass, when the database is away', async () => {
    const host = await startHost('postgres://nobody@127.0.0.1:1/none', {
      configure: (app, fluentmeet) =>
        app.get(
          '/meeting',
          requireVerified(fluentmeet, () => 1),
          (_req, res) => void res.send('in'),
        ),
    });
    const response = await fetch(new URL('/meeting', host.url));
    expect(response.status).to.equal(503);
    expect(response.headers.get('retry-after')).to.equal('5');
  });
});
