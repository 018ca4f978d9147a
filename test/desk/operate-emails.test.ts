import { expect } from 'chai';
import { countPrunableEmails } from '../../src/desk/count-prunable-emails.js';
import { listEmails } from '../../src/desk/list-emails.js';
import { pruneDeadEmails } from '../../src/desk/prune-dead-emails.js';
import { replayAndPublish, type ReplayRun } from '../../src/desk/replay-and-publish.js';
import type { ReplayFilter } from '../../src/desk/replay-emails.js';
import { showEmail } from '../../src/desk/show-email.js';
import { NotFoundError } from '../../src/errors.js';
import {
  createMigratedInstance,
  type Registered,
  rejection,
  type TestInstance,
} from '../fluentmeet/test-instance.js';

describe('operating emails', () => {
  let instance: TestInstance;
  let made = 0;
  before(async () => (instance = await createMigratedInstance({ bcryptCost: 4, emailMaxAttempts: 3 })));
  after(() => instance.stop());
  beforeEach(async () => {
    await instance.query('truncate users cascade');
    instance.publisher.published.length = 0;
    instance.publisher.answer = () => ({ status: 'published' });
  });

  async function make(status = 'dead'): Promise<Registered & { emailId: number }> {
    const person = await instance.register(`person${++made}`);
    await instance.query(
      `update email_outbox set status = $2, attempts = 3, last_error = 'too large',
         published_at = case when $2 = 'published' then now() - interval '1 minute' end where id = $1`,
      [person.outboxId, status],
    );
    return { ...person, emailId: Number(person.outboxId) };
  }
  const many = (count: number, status = 'dead') =>
    instance.query(
      `with u as (
         insert into users (email, hashed_password) select 'many' || n || '@example.com', 'x' from generate_series(1, $1) n returning id
       )
       insert into email_outbox (event_id, user_id, template, status, attempts)
       select gen_random_uuid(), id, 'verification', $2, 3 from u`,
      [count, status],
    );
  const statusOf = async (id: number) =>
    (await instance.query<{ status: string }>('select status from email_outbox where id = $1', [id]))[0]
      ?.status;
  const counts = async () =>
    Object.fromEntries(
      (
        await instance.query<{ status: string; count: string }>(
          'select status, count(*) from email_outbox group by status',
        )
      ).map(({ status, count }) => [status, Number(count)]),
    );
  const replay = (filter: ReplayFilter = {}, run: Partial<ReplayRun> = {}) =>
    replayAndPublish(instance.context, filter, { publisher: instance.publisher, ...run });

  it('lists by status and address, page by page', async () => {
    const [one, two, three] = [await make(), await make('published'), await make()];
    const ids = async (filter: Parameters<typeof listEmails>[1]) =>
      (await listEmails(instance.context, filter)).emails.map(({ id }) => id);
    expect(await ids({})).to.deep.equal([three.emailId, two.emailId, one.emailId]);
    expect(await ids({ status: 'dead' })).to.deep.equal([three.emailId, one.emailId]);
    expect(await ids({ email: two.email.toUpperCase() })).to.deep.equal([two.emailId]);
    expect(await ids({ ids: [one.emailId] })).to.deep.equal([one.emailId]);
    expect(await ids({ since: new Date(Date.now() + 60_000) })).to.deep.equal([]);
    const { next } = await listEmails(instance.context, { limit: 2 });
    expect(await ids({ limit: 2, before: next ?? 0 })).to.deep.equal([one.emailId]);
  });

  it('shows one with its link while that works', async () => {
    const ada = await make('published');
    const shown = await showEmail(instance.context, ada.emailId);
    expect(shown.link).to.contain(ada.token);
    expect(shown).to.include({ link_works: true, to: ada.email });
    await instance.fluentmeet.verifyEmail(ada.token);
    expect(await showEmail(instance.context, ada.emailId)).to.include({ link: null, link_works: false });
    expect(await rejection(showEmail(instance.context, 999_999))).to.be.instanceOf(NotFoundError);
  });

  it('prunes dead ones by hand alone', async () => {
    await many(1_500);
    await make('published');
    await instance.query(`update email_outbox set created_at = now() - interval '10 days'`);
    const young = await make();
    expect(await countPrunableEmails(instance.context, ['dead'], 86_400_000)).to.equal(1_500);
    expect(await pruneDeadEmails(instance.context, { olderThan: 86_400_000 })).to.equal(1_500);
    expect(await counts()).to.deep.equal({ published: 1, dead: 1 });
    expect(await statusOf(young.emailId)).to.equal('dead');
  });

  describe('replaying and publishing', () => {
    it('publishes the dead ones, and says what became of each', async () => {
      const [good, bad, verified] = [await make(), await make(), await make()];
      await instance.query('update users set is_verified = true where id = $1', [verified.id]);
      instance.publisher.answer = ({ value }) =>
        value.to === bad.email
          ? { status: 'rejected', error: new Error('still too large') }
          : { status: 'published' };
      const summary = await replay();
      expect(summary).to.deep.equal({
        published: [good.emailId],
        failing: [{ id: bad.emailId, status: 'pending', error: 'still too large' }],
        waiting: [],
        skipped: [{ id: verified.emailId, reason: 'the user is verified or gone' }],
        outage: null,
        untouched: [],
      });
      // Nobody wants it any more: it is no longer among the dead.
      expect(await statusOf(verified.emailId)).to.equal('obsolete');
    });

    it('puts them back to pending without a publisher', async () => {
      const ada = await make();
      expect((await replay({}, { publisher: undefined })).waiting).to.deep.equal([ada.emailId]);
      expect(await statusOf(ada.emailId)).to.equal('pending');
    });

    it('stops trying in an outage, and leaves all of them to a relay', async () => {
      await many(1_200);
      let calls = 0;
      instance.publisher.answer = () => {
        calls += 1;
        return { status: 'unavailable', error: new Error('no broker') };
      };
      const summary = await replay();
      expect(summary).to.include({ outage: 'no broker' });
      expect(summary.waiting).to.have.lengthOf(1_200);
      expect(calls).to.be.lessThan(200);
      expect(await counts()).to.deep.equal({ pending: 1_200 });
      expect(await instance.query('select from email_outbox where lease_token is not null')).to.deep.equal(
        [],
      );
    });

    it('leaves nothing claimed when it is interrupted, and the rest as it was', async () => {
      await many(1_200);
      const interruption = new AbortController();
      instance.publisher.answer = () => {
        interruption.abort();
        return { status: 'published' };
      };
      const summary = await replay({}, { signal: interruption.signal });
      expect(summary.untouched).to.have.lengthOf(700);
      expect(await counts()).to.deep.equal({ published: 100, pending: 400, dead: 700 });
      expect(await instance.query('select from email_outbox where lease_token is not null')).to.deep.equal(
        [],
      );
    });

    it('publishes each email once when two replay at once, and reports progress', async () => {
      await many(1_300);
      const progress: number[] = [];
      const [one, two] = await Promise.all([
        replay({}, { onProgress: (done) => progress.push(done) }),
        replay(),
      ]);
      const keys = instance.publisher.published.map(({ key }) => key);
      expect(keys).to.have.lengthOf(1_300);
      expect(new Set(keys).size).to.equal(1_300);
      expect(new Set([...one.published, ...two.published]).size).to.equal(1_300);
      expect(progress.at(-1)).to.equal(1_300);
    });

    it('publishes what was published once more when that is asked for, and once for two who ask at once', async () => {
      const ada = await make('published');
      const ids = [ada.emailId];
      expect((await replay({ ids })).skipped).to.deep.equal([
        { id: ada.emailId, reason: 'it is published already' },
      ]);
      const publishedBefore = new Date();
      const filter: ReplayFilter = { ids, status: 'published', publishedBefore };
      await replay(filter);
      await replay(filter);
      expect(instance.publisher.published).to.have.lengthOf(1);
      expect(instance.publisher.published[0]?.headers['event-id']).not.to.equal(ada.eventId);
    });
  });
});
