import { expect } from 'chai';
import sinon from 'sinon';
import { explainUser } from '../../src/desk/explain-user.js';
import { pauseRelay, resumeRelay } from '../../src/desk/pause-relay.js';
import { replayAndPublish } from '../../src/desk/replay-and-publish.js';
import { claimEmails } from '../../src/outbox/claim-emails.js';
import { currentPause } from '../../src/outbox/relay-pause.js';
import { publishNow } from '../../src/relay/publish-now.js';
import {
  createMigratedInstance,
  createTestInstance,
  rejection,
  type TestInstance,
  until,
} from '../fluentmeet/test-instance.js';

describe('pausing the relays', () => {
  let instance: TestInstance & { url: string };
  let now = new Date();
  before(async () => {
    instance = await createMigratedInstance({ clock: () => now });
  });
  after(() => instance.stop());
  beforeEach(async () => {
    // It stands still: a statement asks more than once, and a later answer would be later than its own.
    now = new Date();
    await instance.query('truncate users, mailbox_counts cascade');
    await resumeRelay(instance.context);
    instance.publisher.batches.length = 0;
    instance.publisher.published.length = 0;
    instance.events.length = 0;
  });

  const pause = (length?: number) => pauseRelay(instance.context, { reason: ' moving ', length });

  it('holds up the relays of every process, by the claim itself, until somebody resumes', async () => {
    const relays = [createTestInstance(instance.url), createTestInstance(instance.url)];
    const batches = () => relays.flatMap(({ publisher }) => publisher.batches);
    try {
      await pause();
      await Promise.all(relays.map(({ fluentmeet }) => fluentmeet.start()));
      const claims = relays.map(({ context }) => sinon.spy(context.database, 'query'));
      await Promise.all(relays.map((relay, index) => relay.register(`held-up-${index}`)));
      const looked = () =>
        claims.every(
          (claim) => claim.getCalls().filter(({ args }) => /skip locked/.test(args[0])).length > 3,
        );
      await until(looked, 'both relays looked for emails, again and again', 20_000);
      expect(batches()).to.deep.equal([]);
      expect(await instance.query('select distinct claims, attempts from email_outbox')).to.deep.equal([
        { claims: 0, attempts: 0 },
      ]);
      await resumeRelay(instance.context);
      await until(
        async () => (await instance.fluentmeet.stats()).emails.pending === 0,
        'both were published',
      );
      expect(batches().flat()).to.have.lengthOf(2);
    } finally {
      await Promise.all(relays.map((relay) => relay.stop()));
    }
  });

  it('ends by itself when its time is over', async () => {
    const start = new Date('2030-01-01T00:00:00.000Z');
    now = start;
    await pause(60_000);
    expect(await currentPause(instance.context)).to.deep.equal({
      reason: 'moving',
      since: start,
      until: new Date('2030-01-01T00:01:00.000Z'),
    });
    now = new Date('2030-01-01T00:01:00.000Z');
    expect(await currentPause(instance.context)).to.equal(null);
    expect(await resumeRelay(instance.context), 'nothing held any more').to.equal(null);
    await instance.register('ada');
    await publishAll();
    expect(instance.publisher.published).to.have.lengthOf(1);
  });

  it('is obeyed by who publishes at once, and does not make them wait', async () => {
    await pause();
    const ada = await instance.register('ada');
    const began = performance.now();
    expect(await publishAll()).to.deep.equal([
      { id: Number(ada.outboxId), status: 'pending', error: null, paused: 'moving' },
    ]);
    expect(performance.now() - began).to.be.below(5_000);
  });

  it('is obeyed by a replay, which says so', async () => {
    const ada = await instance.register('ada');
    await instance.query(`update email_outbox set status = 'dead'`);
    await pause();
    const { publisher } = instance;
    const summary = await replayAndPublish(instance.context, {}, { publisher });
    expect(summary).to.deep.include({
      published: [],
      waiting: [Number(ada.outboxId)],
      outage: null,
      paused: 'moving',
    });
  });

  it('holds up what was held for its mailbox, too', async () => {
    await instance.register('ada');
    await instance.query(`update email_outbox set status = 'held'`);
    await pause();
    const claim = () => claimEmails(instance.context, { limit: 10, kind: 'healthy' });
    expect((await claim()).emails).to.deep.equal([]);
    await resumeRelay(instance.context);
    expect((await claim()).emails).to.have.lengthOf(1);
  });

  it('is shown in the statistics and to who asks about one person', async () => {
    await instance.register('ada');
    expect((await instance.fluentmeet.stats()).pause).to.equal(null);
    const { since } = await pause();
    expect((await instance.fluentmeet.stats()).pause).to.deep.equal({ reason: 'moving', since, until: null });
    const { diagnosis } = await explainUser(
      { ...instance.context, publisher: undefined },
      { email: 'ada@example.com' },
    );
    expect(diagnosis).to.deep.include({ code: 'paused', pause: { reason: 'moving', since, until: null } });
  });

  it('is an act of an operator, and so is its end; paused again, it is paused anew', async () => {
    await pause(60_000);
    await pauseRelay(instance.context, { reason: 'still moving' });
    expect(await resumeRelay(instance.context)).to.include({ reason: 'still moving', until: null });
    expect(await resumeRelay(instance.context)).to.equal(null);
    expect(instance.events).to.deep.equal([
      'operator.relay-paused',
      'operator.relay-paused',
      'operator.relay-resumed',
    ]);
  });

  for (const reason of [
    '',
    '  ',
    'x'.repeat(501),
    'two\nlines',
    'a\0b',
    'a\u001b[2J',
    'a\u0085b',
    'a\ud83d',
  ]) {
    it(`wants a reason of one line: not ${JSON.stringify(reason.slice(0, 10))}`, async () => {
      const error = await rejection(pauseRelay(instance.context, { reason }));
      expect(error.details[0]).to.include({ field: 'reason', code: 'REASON_NOT_ONE_LINE' });
      expect(await currentPause(instance.context)).to.equal(null);
    });
  }

  async function publishAll() {
    const rows = await instance.query<{ id: string }>('select id from email_outbox');
    const ids = rows.map(({ id }) => id);
    return publishNow(instance.context, instance.publisher, ids, { patience: 20_000 });
  }
});
