import { expect } from 'chai';
import { pruneHistory } from '../../src/desk/prune-history.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { createMigratedInstance } from '../fluentmeet/test-instance.js';

describe('pruneHistory', () => {
  it('prunes emails, tokens and invites alike, by the retention, and says how many', async () => {
    const instance = await createMigratedInstance({ emailRetention: '10d' });
    try {
      await instance.register('ada');
      await createInvite(instance.context, {});
      const old = `now() - interval '11 days'`;
      await instance.query(
        `update email_outbox set status = 'published', created_at = ${old}, next_attempt_at = ${old}`,
      );
      await instance.query(`update verification_tokens set expires_at = ${old}`);
      await instance.query(`update invites set expires_at = ${old}`);
      instance.events.length = 0;
      await pruneHistory(instance.context, () => false);
      expect(instance.events).to.deep.equal(['history.pruned']);
      for (const table of ['email_outbox', 'verification_tokens', 'invites']) {
        expect(await instance.query(`select from ${table}`), table).to.deep.equal([]);
      }
      await pruneHistory(instance.context, () => false);
      expect(instance.events, 'nothing is said of nothing').to.have.lengthOf(1);
    } finally {
      await instance.stop();
    }
  });
});
