import { expect } from 'chai';
import sinon from 'sinon';
import { tokenValue } from '../../src/verification/token-value.js';
import {
  createMigratedInstance,
  linkOf,
  type Registered,
  type TestInstance,
  testSecret,
  until,
} from '../fluentmeet/test-instance.js';

describe('resendVerification', () => {
  let instance: TestInstance;
  let made = 0;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());

  const register = () => instance.register(`person${++made}`);
  const resend = (email: string) => instance.fluentmeet.resendVerification({ email });
  const emails = async ({ id }: Registered) =>
    (
      await instance.query<{ count: number }>('select count(*)::int from email_outbox where user_id = $1', [
        id,
      ])
    )[0]!.count;

  it('enqueues one more email, with a token of its own', async () => {
    const ada = await register();
    await resend(` ${ada.email.toUpperCase()} `);
    expect(await emails(ada)).to.equal(2);
    const tokens = await instance.query<{ id: string }>(
      'select id from verification_tokens where user_id = $1',
      [ada.id],
    );
    expect(tokens).to.have.lengthOf(2);
    const fresh = tokens.find(({ id }) => id !== ada.tokenId)!;
    expect((await instance.fluentmeet.verifyEmail(tokenValue(testSecret, fresh.id))).status).to.equal(
      'verified',
    );
  });

  it('enqueues one a minute', async () => {
    const ada = await register();
    await resend(ada.email);
    await resend(ada.email);
    expect(await emails(ada)).to.equal(2);
    await instance.query(
      `update email_outbox set created_at = now() - interval '61 seconds' where user_id = $1`,
      [ada.id],
    );
    await instance.query(`update users set created_at = now() - interval '1 hour' where id = $1`, [ada.id]);
    await resend(ada.email);
    expect(await emails(ada)).to.equal(3);
  });

  it('enqueues five a day', async () => {
    const ada = await register();
    await instance.query(`update users set created_at = now() - interval '30 hours' where id = $1`, [ada.id]);
    await instance.query(
      `update email_outbox set created_at = now() - interval '30 hours' where user_id = $1`,
      [ada.id],
    );
    for (let time = 0; time < 8; time++) {
      await resend(ada.email);
      await instance.query(
        `update email_outbox set created_at = created_at - interval '61 seconds' where user_id = $1 and created_at > now() - interval '1 day'`,
        [ada.id],
      );
    }
    expect(await emails(ada)).to.equal(1 + 5);
    await instance.query(
      `update email_outbox set created_at = created_at - interval '1 day' where user_id = $1`,
      [ada.id],
    );
    await resend(ada.email);
    expect(await emails(ada)).to.equal(1 + 6);
  });

  it('enqueues one of twenty at once', async () => {
    const ada = await register();
    await instance.warmUp();
    await Promise.all(Array.from({ length: 20 }, () => resend(ada.email)));
    expect(await emails(ada)).to.equal(2);
  });

  it('resolves alike, and enqueues nothing, for an address that is unknown, verified, gone or none', async () => {
    const [verified, deleted, inactive] = [await register(), await register(), await register()];
    await instance.fluentmeet.verifyEmail(verified.token);
    await instance.query('update users set deleted_at = now() where id = $1', [deleted.id]);
    await instance.query('update users set is_active = false where id = $1', [inactive.id]);
    const before = await instance.query('select from email_outbox');
    for (const email of [
      verified.email,
      deleted.email,
      inactive.email,
      'nobody@example.com',
      'not an address',
      '',
    ]) {
      expect(await resend(email)).to.equal(undefined);
    }
    expect(await instance.query('select from email_outbox')).to.have.lengthOf(before.length);
  });

  it('takes an expired link for the address that it was sent to', async () => {
    const ada = await register();
    await instance.query('update verification_tokens set expires_at = now() where id = $1', [ada.tokenId]);
    await instance.fluentmeet.resendVerification({ token: ada.token });
    expect(await emails(ada)).to.equal(2);
    await instance.fluentmeet.resendVerification({ token: 'no token' });
  });

  it('wakes the relay', async () => {
    await instance.fluentmeet.start();
    await until(async () => (await instance.fluentmeet.stats()).emails.pending === 0, 'nothing was pending');
    const ada = await register();
    const wake = sinon.spy(instance.context.relay, 'wake');
    await resend(ada.email);
    sinon.assert.calledOnce(wake);
    await resend(ada.email);
    sinon.assert.calledOnce(wake);
    wake.restore();
    const mine = () => instance.publisher.published.filter(({ value }) => value.to === ada.email);
    await until(() => mine().length === 2, 'both were published');
    expect(new Set(mine().map(linkOf)).size).to.equal(2);
  });

  it('counts by the hosts clock where a test hands one in', async () => {
    let now = new Date('2030-01-01T00:00:00Z');
    const timed = await createMigratedInstance({ clock: () => now });
    try {
      const ada = await timed.register('ada');
      const count = async () => (await timed.query('select from email_outbox')).length;
      const later = (seconds: number) => (now = new Date(now.getTime() + seconds * 1000));
      later(1);
      await timed.fluentmeet.resendVerification({ email: ada.email });
      later(59);
      await timed.fluentmeet.resendVerification({ email: ada.email });
      expect(await count()).to.equal(2);
      later(2);
      await timed.fluentmeet.resendVerification({ email: ada.email });
      expect(await count()).to.equal(3);
    } finally {
      await timed.stop();
    }
  });
});
