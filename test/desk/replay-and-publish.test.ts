import { expect } from 'chai';
import { replayAndPublish, type ReplayRun } from '../../src/desk/replay-and-publish.js';
import type { ReplayFilter } from '../../src/desk/replay-filter.js';
import { countStatuses, emailOf, manyEmails, statusOf } from './emails-on-hand.js';
import { captureLogger } from '../support/log-capture.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

describe('replayAndPublish', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ emailMaxAttempts: 3 })));
  after(() => instance.stop());
  beforeEach(async () => {
    await instance.query('truncate users cascade');
    instance.publisher.published.length = 0;
    instance.publisher.answer = () => ({ status: 'published' });
  });

  let made = 0;
  const next = () => `person${++made}`;
  const replay = (filter: ReplayFilter = {}, run: Partial<ReplayRun> = {}) =>
    replayAndPublish(instance.context, filter, { publisher: instance.publisher, ...run });

  it('publishes the dead ones, and says what became of each', async () => {
    const [good, bad, verified] = [
      await emailOf(instance, next()),
      await emailOf(instance, next()),
      await emailOf(instance, next()),
    ];
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
      skipped: [{ id: verified.emailId, reason: 'unwanted', status: 'dead' }],
      outage: null,
      paused: null,
      untouched: [],
    });
    // Nobody wants it any more: it is no longer among the dead.
    expect(await statusOf(instance, verified.emailId)).to.equal('obsolete');
  });

  it('puts them back to pending without a publisher', async () => {
    const ada = await emailOf(instance, next());
    expect((await replay({}, { publisher: undefined })).waiting).to.deep.equal([ada.emailId]);
    expect(await statusOf(instance, ada.emailId)).to.equal('pending');
  });

  it('stops trying in an outage, and leaves all of them to a relay', async () => {
    await manyEmails(instance, 1_200);
    let calls = 0;
    instance.publisher.answer = () => {
      calls += 1;
      return { status: 'unavailable', error: new Error('no broker') };
    };
    const summary = await replay();
    expect(summary).to.include({ outage: 'no broker' });
    expect(summary.waiting).to.have.lengthOf(1_200);
    expect(calls).to.be.lessThan(200);
    expect(await countStatuses(instance)).to.deep.equal({ pending: 1_200 });
    expect(await instance.query('select from email_outbox where lease_token is not null')).to.deep.equal([]);
  });

  it('leaves nothing claimed when it is interrupted, and the rest as it was', async () => {
    await manyEmails(instance, 1_200);
    const interruption = new AbortController();
    instance.publisher.answer = () => {
      interruption.abort();
      return { status: 'published' };
    };
    const summary = await replay({}, { signal: interruption.signal });
    expect(summary.untouched).to.have.lengthOf(700);
    expect(await countStatuses(instance)).to.deep.equal({ published: 100, pending: 400, dead: 700 });
    expect(await instance.query('select from email_outbox where lease_token is not null')).to.deep.equal([]);
  });

  it('publishes each email once when two replay at once, and reports progress', async () => {
    await manyEmails(instance, 1_300);
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
    const ada = await emailOf(instance, next(), 'published');
    const ids = [ada.emailId];
    expect((await replay({ ids })).skipped).to.deep.equal([
      { id: ada.emailId, reason: 'other-status', status: 'published' },
    ]);
    const filter: ReplayFilter = { ids, status: 'published' };
    await replay(filter);
    await replay(filter);
    expect(instance.publisher.published).to.have.lengthOf(1);
    expect(instance.publisher.published[0]?.headers['event-id']).not.to.equal(ada.eventId);
  });

  describe('its line in the log', () => {
    async function acts(filter: ReplayFilter, run: Partial<ReplayRun> = {}): Promise<object[]> {
      const logger = captureLogger();
      const context = { ...instance.context, logger };
      await replayAndPublish(context, filter, { publisher: instance.publisher, ...run }).catch(
        () => undefined,
      );
      return logger.entries.map(({ data }) => data).filter(({ event }) => event.startsWith('operator.'));
    }

    it('has what was put back, and is missing where nothing was', async () => {
      const ada = await emailOf(instance, next());
      expect(await acts({})).to.deep.equal([
        { event: 'operator.emails-replayed', count: 1, ids: [ada.emailId] },
      ]);
      expect(await acts({})).to.deep.equal([]);
    });

    it('claims nothing of what somebody else is replaying', async () => {
      const [mine, theirs] = [await emailOf(instance, next()), await emailOf(instance, next())];
      await instance.context.database.transaction(async (transaction) => {
        const lock = 'select from email_outbox where id = $1 for update';
        await instance.context.database.query(lock, [theirs.emailId], transaction);
        expect(await acts({ ids: [mine.emailId, theirs.emailId] })).to.deep.equal([
          { event: 'operator.emails-replayed', count: 1, ids: [mine.emailId] },
        ]);
        expect(await acts({ ids: [theirs.emailId] })).to.deep.equal([]);
      });
    });

    it('says how many ids it leaves out, and what was put back before a failure', async () => {
      await manyEmails(instance, 600);
      const [act] = (await acts(
        {},
        {
          onProgress: (done) => {
            if (done === 500) throw new Error('the database is away');
          },
        },
      )) as { count: number; ids: number[]; more: number }[];
      expect(act).to.include({ count: 500, more: 480 });
      expect(act?.ids).to.have.lengthOf(20);
    });
  });
});
