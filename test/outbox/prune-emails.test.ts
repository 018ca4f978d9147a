import { expect } from 'chai';
import { pruneEmails } from '../../src/outbox/prune-emails.js';
import { createMigratedInstance } from '../fluentmeet/test-instance.js';

describe('pruneEmails', () => {
  let instance: Awaited<ReturnType<typeof createMigratedInstance>>;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());

  it('leaves an old email alone that an operator is replaying at that moment', async () => {
    await instance.register('replayed');
    await instance.query(
      `update email_outbox set status = 'published', created_at = now() - interval '31 days'`,
    );
    let pruning: Promise<number> | undefined;
    await instance.context.database.transaction(async (transaction) => {
      await instance.context.database.query(`update email_outbox set status = 'pending'`, [], transaction);
      pruning = pruneEmails(instance.context);
      // Until the prune, which saw the email published, waits for its row.
      for (;;) {
        const [waiting] = await instance.query<{ count: string }>(
          `select count(*) from pg_locks where not granted`,
        );
        if (waiting?.count !== '0') break;
      }
    });
    expect(await pruning).to.equal(0);
    expect(await instance.query('select status from email_outbox')).to.deep.equal([{ status: 'pending' }]);
  });
});
