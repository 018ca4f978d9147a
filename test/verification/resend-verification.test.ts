import { expect } from 'chai';
import sinon from 'sinon';
import { resendVerification, type ResendRequest } from '../../src/verification/resend-verification.js';
import { writeRequestedEmails } from '../../src/outbox/email-request.js';
import { disownAccount } from '../../src/verification/disown-account.js';
import { tokenValue } from '../../src/verification/token-value.js';
import { relayLook } from '../relay/relay-look.js';
import {
  createMigratedInstance,
  linkOf,
  type Registered,
  rejection,
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
  const resend = (email: string) => instance.resend(email);
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
    await relayLook(instance.context);
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

  /** As if all that was counted had been so much earlier. */
  const later = (interval: string) =>
    instance.query(
      `update mailbox_counts set times = (select array_agg(t - interval '${interval}' order by t) from unnest(times) t)`,
    );

  it('enqueues one a minute', async () => {
    const ada = await register();
    await resend(ada.email);
    await resend(ada.email);
    expect(await emails(ada)).to.equal(2);
    await later('59 seconds');
    await resend(ada.email);
    expect(await emails(ada)).to.equal(2);
    await later('2 seconds');
    await resend(ada.email);
    expect(await emails(ada)).to.equal(3);
  });

  it('enqueues five a day', async () => {
    const ada = await register();
    for (let time = 0; time < 8; time++) {
      await resend(ada.email);
      await later('61 seconds');
    }
    expect(await emails(ada)).to.equal(1 + 5);
    await later('1 day');
    await resend(ada.email);
    expect(await emails(ada)).to.equal(1 + 6);
  });

  it('counts by the mailbox, with and without a tag, and on when the account is removed and made anew', async () => {
    const ada = await register();
    const [name] = ada.email.split('@');
    const tagged = await instance.register(`${name}+tag`);
    await resend(ada.email);
    await resend(tagged.email);
    expect([await emails(ada), await emails(tagged)]).to.deep.equal([2, 1]);
    await disownAccount(instance.context, ada.token);
    const again = await instance.register(name as string);
    await resend(again.email);
    expect(await emails(again)).to.equal(1);
  });

  it('has a budget of its own: five signups by a stranger spend none of it', async () => {
    const ada = await register();
    const [name] = ada.email.split('@');
    for (let tag = 1; tag <= 8; tag++) await instance.register(`${name}+${tag}`);
    await resend(ada.email);
    expect(await emails(ada)).to.equal(2);
  });

  it('names what it skipped, and when the next one is possible', async () => {
    const ada = await register();
    const { events } = instance;
    events.length = 0;
    for (let time = 0; time < 3; time++) await resend(ada.email);
    expect(events.filter((event) => event.startsWith('verification.'))).to.deep.equal([
      'verification.resent',
      'verification.resend-skipped',
      'verification.resend-skipped',
    ]);
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

  it('takes what is no text, of a body that nobody looked at, for an address that nobody has', async () => {
    const { email } = await register();
    const { fluentmeet, events } = instance;
    const requests = [
      undefined,
      null,
      5,
      { email: undefined },
      { email: null },
      { email: {} },
      { email: [email] },
    ];
    events.length = 0;
    for (const request of requests) await fluentmeet.resendVerification(request as never);
    expect(events.filter((event) => event.startsWith('verification.resend-'))).to.have.lengthOf(
      requests.length,
    );
    expect(await instance.query('select from email_requests where user_id is not null')).to.deep.equal([]);
    for (const token of [undefined, 5, {}]) {
      const error = await rejection(fluentmeet.resendVerification({ token } as never));
      expect(error.code).to.equal('INVALID_TOKEN');
    }
  });

  it('takes an expired link for the address that it was sent to', async () => {
    const ada = await register();
    await instance.query('update verification_tokens set expires_at = now() where id = $1', [ada.tokenId]);
    await instance.fluentmeet.resendVerification({ token: ada.token });
    await writeRequestedEmails(instance.context);
    expect(await emails(ada)).to.equal(2);
    const none = instance.fluentmeet.resendVerification({ token: 'no token' });
    expect((await rejection(none)).code).to.equal('INVALID_TOKEN');
  });

  describe('is the same for known and unknown', () => {
    // Its relay does not run: what the database is asked is the resend's alone.
    let instance: TestInstance;
    before(async () => (instance = await createMigratedInstance()));
    after(() => instance.stop());
    const register = () => instance.register(`somebody${++made}`);
    const emails = async ({ id }: Registered) =>
      (await instance.query('select from email_outbox where user_id = $1', [id])).length;

    /** The statements of the call, and what it leaves in the tables. */
    async function trace(request: ResendRequest) {
      const query = sinon.spy(instance.context.database, 'query');
      const findToken = sinon.spy(instance.context.models.VerificationToken, 'findOne');
      const rows = async (table: string) => (await instance.query(`select from ${table}`)).length;
      const count = async () => ({
        counted: await rows('mailbox_counts'),
        requests: await rows('email_requests'),
        written: (await rows('email_outbox')) + (await rows('verification_tokens')),
      });
      try {
        const before = await count();
        query.resetHistory();
        await resendVerification(instance.context, request);
        const statements = query.args.map(([sql]) => sql);
        const after = await count();
        return {
          lookups: findToken.callCount,
          statements,
          counted: after.counted - before.counted,
          requests: after.requests - before.requests,
          written: after.written - before.written,
        };
      } finally {
        query.restore();
        findToken.restore();
      }
    }

    it('in its statements and in what is counted, whatever the state of the account', async () => {
      const [known, verified, deleted, inactive] = await Promise.all([1, 2, 3, 4].map(register));
      await instance.fluentmeet.verifyEmail(verified!.token);
      await instance.query('update users set deleted_at = now() where id = $1', [deleted!.id]);
      await instance.query('update users set is_active = false where id = $1', [inactive!.id]);
      const expected = await trace({ email: 'nobody-at-all@example.com' });
      expect(expected.statements).to.have.lengthOf(1);
      expect(expected).to.include({ counted: 1, requests: 1, written: 0 });
      for (const { email } of [known!, verified!, deleted!, inactive!]) {
        expect(await trace({ email })).to.deep.equal(expected);
      }
      expect(await trace({ email: 'not an address\0' })).to.deep.equal(expected);
      const again = await trace({ email: known!.email });
      expect(again).to.deep.equal({ ...expected, counted: 0, requests: 0 });
      expect(await trace({ email: 'nobody-at-all@example.com' })).to.deep.equal(again);
    });

    it('by a token as well', async () => {
      const expected = await trace({ token: '00000000-0000-8000-8000-000000000000' });
      expect(expected).to.include({ lookups: 1, counted: 1 });
      expect(expected.statements).to.have.lengthOf(1);
      expect(await trace({ token: (await register()).token })).to.deep.equal(expected);
      // In another spelling it is counted by the same row.
      const again = { token: '<00000000-0000-8000-8000-000000000000>.' };
      expect(await trace(again)).to.deep.equal({ ...expected, counted: 0, requests: 0 });
    });

    for (const hold of [
      'select from users where id = $1 for update',
      'update users set updated_at = now() where id = $1',
      "update users set email = 'moved-' || email where id = $1",
      'delete from users where id = $1',
    ]) {
      it(`where somebody holds the row of the account: nobody waits for it, and the email comes later (${hold})`, async () => {
        const { database } = instance.context;
        const ada = await register();
        const undone = new Error('undone');
        const holding = database.transaction(async (transaction) => {
          await database.query(hold, [ada.id], transaction);
          await instance.resend(ada.email);
          throw undone;
        });
        expect(await rejection(holding)).to.equal(undone);
        await writeRequestedEmails(instance.context);
        expect(await emails(ada)).to.equal(2);
      });
    }

    it('where an account is removed meanwhile, or verified', async () => {
      for (const change of [
        'delete from users where id = $1',
        'update users set is_verified = true where id = $1',
      ]) {
        const ada = await register();
        await instance.fluentmeet.resendVerification({ email: ada.email });
        const before = await emails(ada);
        await instance.query(change, [ada.id]);
        await writeRequestedEmails(instance.context);
        expect(await emails(ada)).to.be.at.most(before);
        expect(await instance.query('select from email_requests')).to.have.lengthOf(0);
      }
    });
  });

  it('leaves the email to the relay’s next look: waking it would tell that there is one', async () => {
    await instance.fluentmeet.start();
    await until(async () => (await instance.fluentmeet.stats()).emails.pending === 0, 'nothing was pending');
    const ada = await register();
    const wake = sinon.spy(instance.context.relay, 'wake');
    await resend(ada.email);
    sinon.assert.notCalled(wake);
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
      await timed.resend(ada.email);
      later(59);
      await timed.resend(ada.email);
      expect(await count()).to.equal(2);
      later(2);
      await timed.resend(ada.email);
      expect(await count()).to.equal(3);
    } finally {
      await timed.stop();
    }
  });
});
