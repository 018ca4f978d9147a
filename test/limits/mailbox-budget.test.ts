import { expect } from 'chai';
import { claimEmails } from '../../src/outbox/claim-emails.js';
import { mailboxKey, readResends } from '../../src/limits/mailbox-budget.js';
import { pruneMailboxCounts } from '../../src/limits/prune-mailbox-counts.js';
import { eraseUser } from '../../src/desk/erase-user.js';
import { inspectSecret } from '../../src/verification/inspect-secret.js';
import { verificationLink } from '../../src/verification/verification-link.js';
import {
  createMigratedInstance,
  createTestInstance,
  type TestInstance,
  until,
} from '../fluentmeet/test-instance.js';
import { countedSignUps } from './counted-sign-ups.js';

describe('mailboxKey', () => {
  const secret = 'a secret of the tests, 32 characters and more';
  const key = (address: string, own = secret) => mailboxKey(own, address).toString('hex');

  it('is one for an address with and without its tag', () => {
    for (const tagged of ['ada+1@example.com', 'ada+2+3@example.com', 'ada+@example.com']) {
      expect(key(tagged)).to.equal(key('ada@example.com'));
    }
  });

  it('is another for another mailbox, and under another secret', () => {
    const other = ['a.da@example.com', 'ada@example.org', '+ada@example.com', 'ada', ''];
    const keys = [...other, 'ada@example.com'].map((address) => key(address));
    expect(new Set(keys).size).to.equal(keys.length);
    expect(key('ada@example.com', `${secret}!`)).not.to.equal(key('ada@example.com'));
  });
});

describe('after a change of the secret', () => {
  const before_ = 'the secret before, 32 characters and more';
  let old: TestInstance & { url: string };
  let fresh: TestInstance;
  before(async () => {
    old = await createMigratedInstance({ secret: before_ });
    fresh = createTestInstance(old.url, {
      previousSecrets: [before_],
      mailboxLimits: { signup: { minute: 2, day: 4 } },
    });
  });
  after(async () => {
    await fresh.stop();
    await old.stop();
  });

  const counted = () =>
    old.query<{ budget: string; count: string }>(
      'select budget, count(*) from mailbox_counts group by budget order by budget',
    );

  it('counts mails of signups and resends where they were counted before, once', async () => {
    await old.register('ada');
    await old.resend('ada@example.com');
    await fresh.resend('ada@example.com');
    await fresh.register('ada+2');
    await fresh.register('ada+3');
    expect(await counted()).to.deep.equal([
      { budget: 'resend', count: '1' },
      { budget: 'signup', count: '1' },
    ]);
    expect(await readResends(fresh.context, 'ada@example.com')).to.include({ asked: 2, sent: 1 });
    expect(await countedSignUps(fresh)).to.deep.equal({ sent: 2, held: 1 });
    expect((await fresh.fluentmeet.stats()).emails.held).to.equal(1);
  });

  it('counts a mailbox that is new under the new secret, and erases both', async () => {
    await fresh.register('grace');
    await old.register('grace+2');
    const erased = await eraseUser(fresh.context, { email: 'grace@example.com' });
    expect(erased.mailbox_counts).to.equal(2);
  });

  it('publishes a link that the old secret made as it is', async () => {
    const linus = await old.register('linus');
    const [row] = await old.query<{ token_hash: Buffer }>(
      'select token_hash from verification_tokens where id = $1',
      [linus.tokenId],
    );
    const email = { verification_token_id: linus.tokenId, token_hash: row!.token_hash, token_live: true };
    expect(verificationLink(fresh.context.config, email)).to.contain(linus.token);
    expect(verificationLink({ ...fresh.context.config, previousSecrets: [] }, email)).to.equal(undefined);
    expect(await inspectSecret(fresh.context)).to.equal('previous');
    expect((await fresh.fluentmeet.verifyEmail(linus.token)).status).to.equal('verified');
  });
});

describe('the budget of a mailbox', () => {
  let now = new Date('2030-01-01T00:00:00Z');
  let instance: TestInstance;
  before(async () => {
    instance = await createMigratedInstance({
      clock: () => now,
      mailboxLimits: { signup: { minute: 2, day: 4 } },
    });
  });
  after(() => instance.stop());
  beforeEach(async () => {
    await instance.query('truncate users, mailbox_counts cascade');
    instance.publisher.published.length = 0;
  });

  const at = (time: string) => (now = new Date(`2030-01-0${time}Z`));
  const emails = () =>
    instance.query<{ status: string; next_attempt_at: Date }>(
      'select status, next_attempt_at from email_outbox order by id',
    );
  const dueTimes = async () =>
    (await emails()).map(
      ({ status, next_attempt_at }) => `${status} ${next_attempt_at.toISOString().slice(9, 19)}`,
    );
  const claim = async () =>
    (await claimEmails(instance.context, { limit: 10, kind: 'healthy' })).emails.map(({ email }) => email);

  it('lets the mails of signups beyond it wait their turn, and no longer', async () => {
    at('1T10:00:00');
    for (let tag = 1; tag <= 6; tag++) await instance.register(`ada+${tag}`);
    expect(await dueTimes()).to.deep.equal([
      'pending 1T10:00:00',
      'pending 1T10:00:00',
      'held 1T10:01:00',
      'held 1T10:01:00',
      'held 2T10:00:00',
      'held 2T10:00:00',
    ]);
    expect((await instance.fluentmeet.stats()).emails).to.include({ pending: 2, held: 4 });

    expect(await claim()).to.deep.equal(['ada+1@example.com', 'ada+2@example.com']);
    expect(await claim()).to.deep.equal([]);
    at('1T10:00:59');
    expect(await claim()).not.to.include('ada+3@example.com');
    at('1T10:01:00');
    expect(await claim()).to.include.members(['ada+3@example.com', 'ada+4@example.com']);
    expect((await instance.fluentmeet.stats()).emails.held).to.equal(2);
    at('2T10:00:00');
    expect(await claim()).to.include.members(['ada+5@example.com', 'ada+6@example.com']);
    expect((await instance.fluentmeet.stats()).emails.held).to.equal(0);
  });

  it("is each mailbox's own", async () => {
    at('1T10:00:00');
    for (const name of ['ada', 'ada+1', 'ada+2', 'grace', 'a.da']) await instance.register(name);
    expect((await emails()).map(({ status }) => status)).to.deep.equal([
      'pending',
      'pending',
      'held',
      'pending',
      'pending',
    ]);
  });

  it('is not spent by a signup whose address is taken', async () => {
    at('1T10:00:00');
    await instance.register('ada');
    for (let time = 0; time < 3; time++) await instance.register('ada').catch(() => undefined);
    await instance.register('ada+1');
    expect((await emails()).map(({ status }) => status)).to.deep.equal(['pending', 'pending']);
  });

  it('is not begun anew by removing the account', async () => {
    at('1T10:00:00');
    for (let time = 1; time <= 3; time++) {
      const ada = await instance.register('ada');
      if (time < 3) await instance.query('delete from users where id = $1', [ada.id]);
    }
    expect((await emails()).map(({ status }) => status)).to.deep.equal(['held']);
  });

  it('counts twenty signups at once as it counts them one by one, and lets two strangers not wait for each other', async () => {
    at('1T10:00:00');
    await instance.warmUp();
    await Promise.all(Array.from({ length: 20 }, (_, tag) => instance.register(`ada+${tag}`)));
    const pending = (await emails()).filter(({ status }) => status === 'pending');
    expect(pending).to.have.lengthOf(2);
    const { database } = instance.context;
    await database.transaction(async (transaction) => {
      await database.query('select from mailbox_counts for update', [], transaction);
      await instance.register('grace');
    });
  });

  it('goes out by the relay when it is due, and is dropped where the person was verified before', async () => {
    const mine = await createMigratedInstance({ mailboxLimits: { signup: { minute: 1 } } });
    try {
      await mine.register('ada');
      const [second, third] = [await mine.register('ada+2'), await mine.register('ada+3')];
      await mine.fluentmeet.start();
      await until(() => mine.publisher.published.length === 1, 'the first was published');
      await mine.fluentmeet.verifyEmail(third.token);
      await mine.query(`update email_outbox set next_attempt_at = now() where status = 'held'`);
      mine.context.relay.wake();
      await until(async () => (await mine.fluentmeet.stats()).emails.held === 0, 'none was held');
      await until(async () => (await mine.fluentmeet.stats()).emails.pending === 0, 'none was pending');
      const to = mine.publisher.published.map(({ value }) => value.to);
      expect(to).to.deep.equal(['ada@example.com', second.email]);
    } finally {
      await mine.stop();
    }
  });

  it('is read with what was asked and sent, and when more is possible', async () => {
    at('1T10:00:00');
    for (let tag = 1; tag <= 3; tag++) await instance.register(`ada+${tag}`);
    for (let time = 0; time < 3; time++) await instance.fluentmeet.resendVerification('ada@example.com');
    at('1T10:00:30');
    const resends = () => readResends(instance.context, 'ada@example.com');
    const nextAt = new Date('2030-01-01T10:01:00Z');
    expect(await resends()).to.deep.equal({ asked: 3, sent: 1, nextAt });
    expect(await countedSignUps(instance)).to.deep.equal({ sent: 2, held: 1 });
    at('1T10:02:00');
    expect(await resends()).to.deep.equal({ asked: 3, sent: 1, nextAt: null });
    expect(await countedSignUps(instance)).to.deep.equal({ sent: 3, held: 0 });
    at('2T11:00:00');
    expect(await resends()).to.deep.equal({ asked: 0, sent: 0, nextAt: null });
    expect(await countedSignUps(instance)).to.deep.equal({ sent: 0, held: 0 });
  });

  it('keeps of a mailbox as many times as its budget has', async () => {
    at('1T10:00:00');
    for (let tag = 1; tag <= 7; tag++) await instance.register(`ada+${tag}`);
    const [row] = await instance.query<{ n: number }>('select cardinality(times) as n from mailbox_counts');
    expect(row!.n).to.equal(4);
  });

  it('is forgotten after 25 hours, and not while it has mails that wait', async () => {
    at('1T10:00:00');
    for (const name of ['ada', 'grace', 'ada+1', 'ada+2', 'ada+3', 'ada+4']) await instance.register(name);
    await instance.fluentmeet.resendVerification('ada@example.com');
    at('2T10:59:59');
    expect(await pruneMailboxCounts(instance.context)).to.equal(0);
    at('2T11:00:01');
    expect(await pruneMailboxCounts(instance.context)).to.equal(2);
    at('3T11:00:01');
    expect(await pruneMailboxCounts(instance.context)).to.equal(1);
  });
});
