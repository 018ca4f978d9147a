import { inspect } from 'node:util';
import { expect } from 'chai';
import { listEmails } from '../../src/desk/list-emails.js';
import { replayEmails } from '../../src/desk/replay-emails.js';
import { emailOf, statusOf } from './emails-on-hand.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('replayEmails', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  let made = 0;
  const next = () => `person${++made}`;

  it('says of each that was asked for by its id why it is left alone', async () => {
    const [good, pending, published, verified, leased] = [
      await emailOf(instance, next()),
      await emailOf(instance, next(), 'pending'),
      await emailOf(instance, next(), 'published'),
      await emailOf(instance, next()),
      await emailOf(instance, next(), 'pending'),
    ];
    await instance.query('update users set is_verified = true where id = $1', [verified.id]);
    await instance.query(
      `update email_outbox set lease_token = gen_random_uuid(), next_attempt_at = now() + interval '1 minute' where id = $1`,
      [leased.emailId],
    );
    const ids = [good, pending, published, verified, leased].map(({ emailId }) => emailId);
    const { replayed, skipped } = await replayEmails(instance.context, { ids: [...ids, 999_999] });
    expect(replayed.map(({ id }) => id)).to.have.members([good.emailId, pending.emailId]);
    expect(skipped).to.deep.equal([
      { id: published.emailId, reason: 'other-status', status: 'published' },
      { id: verified.emailId, reason: 'unwanted', status: 'dead' },
      { id: leased.emailId, reason: 'leased', status: 'pending' },
      { id: 999_999, reason: 'missing', status: null },
    ]);
    expect(await statusOf(instance, verified.emailId)).to.equal('obsolete');
  });

  const malformed = 'CONDITION_MALFORMED';
  for (const [given, faults] of [
    [[{ id: [999] }], ['id CONDITION_UNKNOWN']],
    [[{ eventId: 'x', Status: 'dead' }], ['eventId CONDITION_UNKNOWN', 'Status CONDITION_UNKNOWN']],
    [[{ before: 5 }], ['before CONDITION_UNKNOWN']],
    [[{}, { dryrun: true }], ['dryrun CONDITION_UNKNOWN']],
    [[{}, { dryRun: 'yes' }], [`dryRun ${malformed}`]],
    [[{}, null], [`options ${malformed}`]],
    [['dead'], [`filter ${malformed}`]],
    [[null], [`filter ${malformed}`]],
    [[[999]], [`filter ${malformed}`]],
    [[{ status: 'Dead' }], [`status ${malformed}`]],
    [[{ status: ['dead'] }], [`status ${malformed}`]],
    [[{ ids: 'x' }], [`ids ${malformed}`]],
    [[{ ids: [1, '2'] }], [`ids ${malformed}`]],
    [[{ limit: -1, since: 'yesterday' }], [`since ${malformed}`, `limit ${malformed}`]],
    [[{ until: new Date('never') }], [`until ${malformed}`]],
    [[{ publishedBefore: 1 }], [`publishedBefore ${malformed}`]],
    [
      [{ email: 5, domain: {}, error: /x/ }],
      ['email', 'domain', 'error'].map((one) => `${one} ${malformed}`),
    ],
    [[{ email: 'nobody' }], ['email EMAIL_WITHOUT_AT']],
  ] as [unknown[], string[]][]) {
    it(`refuses ${given.map((one) => inspect(one)).join(', ')} of a host, and replays nothing`, async () => {
      const { emailId } = await emailOf(instance, next());
      const { replayEmails: replay } = instance.fluentmeet;
      const error = await rejection(replay(...(given as Parameters<typeof replay>)));
      expect(error.code).to.equal('VALIDATION_ERROR');
      const found = error.details.map(
        ({ field, code }: { field: string; code: string }) => `${field} ${code}`,
      );
      expect(found).to.deep.equal(faults);
      expect(await statusOf(instance, emailId)).to.equal('dead');
    });
  }

  it('takes every condition that there is of a host, and those that are left out', async () => {
    const { emailId, email } = await emailOf(instance, next());
    const now = new Date();
    const ids = [emailId];
    for (const filter of [
      { ids, status: 'dead', email, domain: 'example.com', error: '', limit: 1, since: new Date(0) },
      { ids: undefined, status: undefined, limit: undefined, until: now, publishedBefore: now },
      {},
    ] as const) {
      const { replayed } = await instance.fluentmeet.replayEmails(filter, { dryRun: true });
      expect(replayed.map(({ id }) => id)).to.deep.equal(ids);
    }
  });

  it('lets what is pending wait since it became due first, and all others since now', async () => {
    const [waiting, deferred, dead] = [
      await emailOf(instance, next(), 'pending'),
      await emailOf(instance, next(), 'pending'),
      await emailOf(instance, next()),
    ];
    await instance.query(`update email_outbox set created_at = now() - interval '3 hours'`);
    await instance.query(
      `update email_outbox set due_at = now() + interval '1 hour', next_attempt_at = now() + interval '1 hour' where id = $1`,
      [deferred.emailId],
    );
    const ids = [waiting, deferred, dead].map(({ emailId }) => emailId);
    await replayEmails(instance.context, { ids });
    await replayEmails(instance.context, { ids });
    const rows = await instance.query<{ due: number; is_due: boolean; attempts: number }>(
      `select attempts, extract(epoch from now() - due_at)::float as due, next_attempt_at <= now() as is_due
       from email_outbox order by id`,
    );
    for (const [at, { due, is_due, attempts }] of rows.entries()) {
      expect({ attempts, is_due }).to.deep.equal({ attempts: 0, is_due: true });
      const [least, most] = at === 0 ? [10_800, 11_400] : [0, 600];
      expect(due).to.be.within(least, most);
    }
    const { emails } = await instance.fluentmeet.stats();
    expect(emails.oldestPendingSeconds).to.be.least(10_800);
  });

  describe('of what was published', () => {
    /** One more email of the same person, published that long ago, or not yet. */
    async function another(emailId: number, ago: string | null, template = 'verification'): Promise<number> {
      const [row] = await instance.query<{ id: string }>(
        `insert into email_outbox (event_id, user_id, template, status, published_at)
         select gen_random_uuid(), user_id, $3, case when $2::text is null then 'pending' else 'published' end, now() - $2::interval
         from email_outbox where id = $1 returning id`,
        [emailId, ago, template],
      );
      return Number(row!.id);
    }
    const choose = async (filter: Omit<Parameters<typeof replayEmails>[1], 'status'>) => {
      const dryRun = { dryRun: true };
      const { replayed, skipped } = await replayEmails(
        instance.context,
        { ...filter, status: 'published' },
        dryRun,
      );
      const reasons = Object.fromEntries(skipped.map(({ id, reason }) => [id, reason]));
      return { ids: replayed.map(({ id }) => id), reasons };
    };

    it('gives each person the newest of each template, and says which are left out', async () => {
      const ada = (await emailOf(instance, next(), 'published')).emailId;
      const again = await another(ada, '30 seconds');
      const other = await another(ada, '1 hour', 'account-exists');
      // Published once more since, though it was written first.
      const grace = (await emailOf(instance, next(), 'published')).emailId;
      const older = await another(grace, '1 hour');
      const waiting = (await emailOf(instance, next(), 'published')).emailId;
      await another(waiting, null);
      const { ids, reasons } = await choose({});
      expect(ids).to.have.members([again, other, grace]);
      const left = { [ada]: 'superseded', [older]: 'superseded', [waiting]: 'superseded' };
      expect(reasons).to.deep.equal(left);
      expect((await choose({ limit: 1 })).ids).to.deep.equal([again]);
      // Of those that were named the newest of these.
      expect(await choose({ ids: [ada, grace] })).to.deep.equal({ ids: [ada, grace], reasons: {} });
      expect(await choose({ ids: [ada, again] })).to.deep.equal({
        ids: [again],
        reasons: { [ada]: 'superseded' },
      });
      const { replayed } = await replayEmails(instance.context, { status: 'published' });
      expect(replayed.map(({ id }) => id)).to.have.members([again, other, grace]);
      // They are on their way: the older ones are not published in their stead.
      expect((await choose({})).ids).to.deep.equal([]);
    });

    it('leaves out whoever asked for it again, before a relay has written it', async () => {
      const { emailId, email } = await emailOf(instance, next(), 'published');
      const other = await another(emailId, '1 hour', 'account-exists');
      await instance.fluentmeet.resendVerification({ email });
      expect(await choose({ email })).to.deep.equal({ ids: [other], reasons: { [emailId]: 'superseded' } });
      expect((await choose({ ids: [emailId] })).ids, 'named').to.deep.equal([emailId]);
      await instance.query(`update email_requests set due_at = now() + interval '1 minute'`);
      expect((await choose({ email })).ids, 'held').to.have.members([emailId, other]);
      await instance.query('truncate email_requests');
    });

    it('goes by when they were published', async () => {
      const [tonight, before] = [
        await emailOf(instance, next(), 'published'),
        await emailOf(instance, next(), 'published'),
      ];
      await instance.query(`update email_outbox set created_at = now() - interval '3 days' where id = $1`, [
        tonight.emailId,
      ]);
      await instance.query(`update email_outbox set published_at = now() - interval '3 days' where id = $1`, [
        before.emailId,
      ]);
      const yesterday = new Date(Date.now() - 86_400_000);
      expect((await choose({ since: yesterday })).ids).to.deep.equal([tonight.emailId]);
      expect((await choose({ until: yesterday })).ids).to.deep.equal([before.emailId]);
      const listed = await listEmails(instance.context, { status: 'published', since: yesterday });
      expect(listed.emails.map(({ id }) => id)).to.deep.equal([tonight.emailId]);
      const all = await listEmails(instance.context, { since: yesterday });
      expect(all.emails.map(({ id }) => id)).to.deep.equal([before.emailId]);
    });
  });

  it('leaves to another replay what that one holds', async () => {
    const { emailId } = await emailOf(instance, next());
    const { database } = instance.context;
    const result = await database.transaction(async (transaction) => {
      await database.query('select from email_outbox for update', [], transaction);
      return replayEmails(instance.context, { ids: [emailId] });
    });
    expect(result).to.deep.equal({ replayed: [], skipped: [{ id: emailId, reason: 'taken', status: null }] });
  });

  it('chooses by time, address and error, of which all have to fit', async () => {
    const [old, young] = [await emailOf(instance, next()), await emailOf(instance, next())];
    await instance.query(`update email_outbox set created_at = now() - interval '2 days' where id = $1`, [
      old.emailId,
    ]);
    await instance.query(`update email_outbox set last_error = 'refused' where id = $1`, [young.emailId]);
    const chosen = async (filter: Parameters<typeof replayEmails>[1]) =>
      (await replayEmails(instance.context, filter, { dryRun: true })).replayed.map(({ id }) => id);
    const yesterday = new Date(Date.now() - 86_400_000);
    expect(await chosen({ since: yesterday })).to.deep.equal([young.emailId]);
    expect(await chosen({ until: yesterday })).to.deep.equal([old.emailId]);
    expect(await chosen({ error: 'LARGE' })).to.deep.equal([old.emailId]);
    expect(await chosen({ error: 'LARGE', since: yesterday })).to.deep.equal([]);
    expect(await chosen({ email: young.email })).to.deep.equal([young.emailId]);
    const byId = await replayEmails(
      instance.context,
      { ids: [old.emailId], error: 'refused' },
      { dryRun: true },
    );
    expect(byId.skipped).to.deep.equal([{ id: old.emailId, reason: 'not-matching', status: 'dead' }]);
    expect(await statusOf(instance, old.emailId)).to.equal('dead');
  });
});
