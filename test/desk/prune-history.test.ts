import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { pruneHistory } from '../../src/desk/prune-history.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { hashIdempotencyKeys } from '../../src/signup/idempotency-key.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

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

  describe('of a table', () => {
    let instance: TestInstance;
    before(async () => (instance = await createMigratedInstance({ emailRetention: '30d' })));
    after(() => instance.stop());
    const prune = () => pruneHistory(instance.context, () => false);

    it('deletes tokens that expired longer ago than that, and no other, used or not', async () => {
      const people = [
        await instance.register('old'),
        await instance.register('young'),
        await instance.register('live'),
      ];
      await instance.query(
        `update verification_tokens set expires_at = now() - interval '31 days' where id = $1`,
        [people[0]!.tokenId],
      );
      await instance.query(
        `update verification_tokens set expires_at = now() - interval '29 days', used_at = now() where id = $1`,
        [people[1]!.tokenId],
      );
      expect(await prune()).to.include({ tokens: 1 });
      const left = await instance.query<{ id: string }>('select id from verification_tokens');
      expect(left.map(({ id }) => id)).to.have.members([people[1]!.tokenId, people[2]!.tokenId]);
    });

    it('deletes invites that expired, were revoked or used up longer ago than that, and no other', async () => {
      const make = async (change: string): Promise<number> => {
        const { id } = await createInvite(instance.context, {});
        await instance.query(
          `update invites set created_at = now() - interval '90 days', ${change} where id = $1`,
          [id],
        );
        return id;
      };
      for (const change of ['expires_at', 'revoked_at', 'spent_at']) {
        await make(`${change} = now() - interval '31 days'`);
      }
      const kept = [
        await make(`expires_at = now() - interval '29 days'`),
        await make(`revoked_at = now() - interval '29 days'`),
        await make(`spent_at = now() - interval '29 days', uses = 1`),
        await make(`note = 'usable'`),
      ];
      expect(await prune()).to.include({ invites: 3 });
      const left = await instance.query<{ id: string }>('select id from invites');
      expect(left.map(({ id }) => Number(id))).to.have.members(kept);
    });

    it('deletes keys of signups that are older than a day, and no other', async () => {
      const { SignUpKey } = instance.fluentmeet.models;
      for (let index = 0; index < 3; index++) {
        const secrets = { secret: 'secret', previousSecrets: [] };
        const [{ key, address }] = hashIdempotencyKeys(secrets, randomUUID(), 'ada@example.com');
        await SignUpKey.create({ key_hash: key, address_hash: address });
      }
      await instance.query(
        `update signup_keys set created_at = now() - interval '25 hours 1 second'
         where key_hash in (select key_hash from signup_keys limit 2)`,
      );
      expect(await prune()).to.include({ signUpKeys: 2 });
      expect(await SignUpKey.count()).to.equal(1);
      expect(await prune()).to.include({ signUpKeys: 0 });
    });
  });
});
