import { expect } from 'chai';
import { countPrunable, pruneByHand, type PruneByHandRequest } from '../../src/desk/prune-by-hand.js';
import { explainUser } from '../../src/desk/explain-user.js';
import { countStatuses, emailOf, manyEmails, statusOf } from './emails-on-hand.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

describe('pruneByHand', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  it('prunes dead ones by hand alone', async () => {
    await manyEmails(instance, 1_500);
    await emailOf(instance, 'ada', 'published');
    await instance.query(
      `update email_outbox set created_at = now() - interval '10 days', next_attempt_at = now() - interval '9 days',
         published_at = published_at - interval '9 days'`,
    );
    const young = await emailOf(instance, 'grace');
    const late = await emailOf(instance, 'joan');
    // Written long ago and dead since today: it waited, or was replayed.
    await instance.query(`update email_outbox set created_at = now() - interval '10 days' where id = $1`, [
      late.emailId,
    ]);
    expect(await countPrunable(instance.context, { statuses: ['dead'], olderThan: 86_400_000 })).to.equal(
      1_500,
    );
    const prune = (statuses: PruneByHandRequest['statuses']) =>
      pruneByHand(instance.context, { statuses, olderThan: 86_400_000 });
    instance.events.length = 0;
    expect(await prune(['dead'])).to.equal(1_500);
    expect(instance.events).to.deep.equal(['operator.emails-pruned']);
    expect(await countStatuses(instance)).to.deep.equal({ published: 1, dead: 2 });
    expect(await statusOf(instance, young.emailId)).to.equal('dead');
    expect(
      await countPrunable(instance.context, { statuses: ['published', 'obsolete'], olderThan: 86_400_000 }),
    ).to.equal(1);
    expect(await prune(['published', 'obsolete'])).to.equal(1);
  });

  it('leaves its people the way to a new link', async () => {
    const ada = await emailOf(instance, 'ada');
    await pruneByHand(instance.context, { statuses: ['dead'], olderThan: 0 });
    const context = { ...instance.context, publisher: undefined };
    expect((await explainUser(context, { id: ada.id })).diagnosis.code).to.equal('no-email');
    await instance.resend(ada.email);
    expect(await countStatuses(instance)).to.deep.equal({ pending: 1 });
  });
});
