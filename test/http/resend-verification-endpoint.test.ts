import { expect } from 'chai';
import { fault } from '../../src/faults.js';
import {
  type Host,
  migratedDatabase,
  postJson,
  query,
  signedUp,
  startHost,
  stopAll,
  tokensOf,
} from './test-host.js';

describe('POST /resend-verification', () => {
  let host: Host;
  let resend: string;

  before(async () => {
    host = await startHost(await migratedDatabase());
    resend = `${host.url}/resend-verification`;
  });
  after(stopAll);

  it('answers alike, whatever the address', async () => {
    const unverified = await signedUp(host);
    const done = await signedUp(host);
    await host.fluentmeet.verifyEmail(done.token);
    const bodies = new Set<string>();
    for (const email of [
      unverified.email,
      unverified.email,
      done.email,
      'nobody@example.com',
      'no address',
      '',
    ]) {
      const response = await postJson(resend, { email });
      expect(response.status).to.equal(200);
      bodies.add(await response.text());
    }
    expect([...bodies]).to.deep.equal([
      JSON.stringify({
        status: 'ok',
        message: 'If an account with this address still has to be verified, a new email is on its way.',
      }),
    ]);
    expect(await tokensOf(host.fluentmeet, unverified.id), 'one a minute').to.have.length(2);
    expect(await tokensOf(host.fluentmeet, done.id)).to.have.length(1);
  });

  it('sends one email for twenty requests at once, and five a day', async () => {
    const { id, email, token } = await signedUp(host);
    for (let time = 1; time <= 7; time++) {
      await Promise.all(Array.from({ length: time === 1 ? 20 : 1 }, () => postJson(resend, { email })));
      await query(
        host.fluentmeet,
        `update mailbox_counts
         set times = (select array_agg(t - interval '2 minutes' order by t) from unnest(times) t)`,
      );
      expect(await tokensOf(host.fluentmeet, id)).to.have.length(1 + Math.min(time, 5));
    }
    expect((await host.fluentmeet.verifyEmail(token)).status, 'earlier links stay valid').to.equal(
      'verified',
    );
  });

  it('refuses what has no address in it', async () => {
    for (const [body, details] of [
      ['{}', [fault('email', 'EMAIL_MISSING')]],
      ['{"email":7}', [fault('email', 'EMAIL_NOT_TEXT')]],
      ['{"email":["a@example.com"]}', [fault('email', 'EMAIL_NOT_TEXT')]],
      ['[]', [fault('body', 'BODY_NOT_OBJECT')]],
    ] as const) {
      const response = await postJson(resend, body);
      expect(response.status).to.equal(400);
      expect(await response.json()).to.deep.include({ code: 'VALIDATION_ERROR', details });
    }
    expect((await postJson(resend, '{')).status).to.equal(400);
    expect((await fetch(resend, { method: 'POST' })).status).to.equal(415);
  });

  it('answers 405 with Allow, and OPTIONS with 204', async () => {
    const get = await fetch(resend);
    expect([get.status, get.headers.get('allow')]).to.deep.equal([405, 'POST, OPTIONS']);
    expect((await fetch(resend, { method: 'OPTIONS' })).status).to.equal(204);
  });
});
