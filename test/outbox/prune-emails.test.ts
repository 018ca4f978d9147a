import { expect } from 'chai';
import { countPrunable } from '../../src/desk/prune-by-hand.js';
import { pruneEmails } from '../../src/outbox/prune-emails.js';
import { createMigratedInstance, until } from '../fluentmeet/test-instance.js';

describe('pruneEmails', () => {
  let instance: Awaited<ReturnType<typeof createMigratedInstance>>;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());

  const day = 86_400_000;
  const prune = () =>
    pruneEmails(instance.context, { statuses: ['published', 'obsolete'], olderThan: 30 * day });
  beforeEach(() => instance.query('truncate users cascade'));

  it('goes by when it was published or became obsolete, not by when it was written', async () => {
    for (const [name, status, settled] of [
      ['long-ago', 'published', '31 days'],
      ['replayed', 'published', '1 hour'],
      ['verified-late', 'obsolete', '29 days'],
      ['verified-early', 'obsolete', '31 days'],
    ]) {
      const { outboxId } = await instance.register(name!);
      await instance.query(
        `update email_outbox set status = $2, created_at = now() - interval '40 days',
           next_attempt_at = now() - $3::interval where id = $1`,
        [outboxId, status, settled],
      );
    }
    expect(await prune()).to.equal(2);
    const left = await instance.query(
      'select u.email from email_outbox o join users u on u.id = user_id order by u.id',
    );
    expect(left).to.deep.equal([{ email: 'replayed@example.com' }, { email: 'verified-late@example.com' }]);
  });

  it('goes by the time of publishing where a row has one', async () => {
    const { outboxId } = await instance.register('ada');
    const publish = (ago: string) =>
      instance.query(
        `update email_outbox set status = 'published', created_at = now() - interval '40 days',
           next_attempt_at = now() - interval '40 days', published_at = now() - $2::interval where id = $1`,
        [outboxId, ago],
      );
    await publish('29 days');
    expect(await prune()).to.equal(0);
    await instance.query(`update email_outbox set next_attempt_at = now()`);
    expect(await prune()).to.equal(0);
    await instance.query(`update email_outbox set published_at = now() - interval '31 days'`);
    expect(await countPrunable(instance.context, { statuses: ['published'], olderThan: 30 * day })).to.equal(
      1,
    );
    expect(await prune()).to.equal(1);
  });

  it('leaves an old email alone that an operator is replaying at that moment', async () => {
    await instance.register('replayed');
    await instance.query(
      `update email_outbox set status = 'published', created_at = now() - interval '31 days',
         published_at = now() - interval '31 days',
         next_attempt_at = now() - interval '31 days'`,
    );
    await instance.context.database.transaction(async (transaction) => {
      await instance.context.database.query(`update email_outbox set status = 'pending'`, [], transaction);
      // It sees the email published, and does not wait for its row.
      expect(await prune()).to.equal(0);
    });
    expect(await instance.query('select status from email_outbox')).to.deep.equal([{ status: 'pending' }]);
  });

  it('counts from the settling, by the rows as a relay leaves them', async () => {
    const ada = await instance.register('ada');
    const grace = await instance.register('grace');
    await instance.query(`update users set is_verified = true where id = $1`, [grace.id]);
    await instance.query(`update email_outbox set created_at = now() - interval '40 days'`);
    // Of no test after it: the relay goes on.
    await instance.fluentmeet.start();
    await until(async () => (await instance.fluentmeet.stats()).emails.pending === 0, 'both were settled');
    expect(await prune()).to.equal(0);
    const rows = await instance.query<{ id: string; status: string }>(
      `select id, status from email_outbox where next_attempt_at > now() - interval '1 minute' order by id`,
    );
    expect(rows).to.deep.equal([
      { id: ada.outboxId, status: 'published' },
      { id: grace.outboxId, status: 'obsolete' },
    ]);
  });
});
