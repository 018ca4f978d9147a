import { expect } from 'chai';
import { pruneTokens } from '../../src/verification/prune-tokens.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

const day = 86_400_000;

describe('pruneTokens', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  it('deletes those that expired longer ago than that, and no other, used or not', async () => {
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
    expect(await pruneTokens(instance.context, { olderThan: 30 * day })).to.equal(1);
    const left = await instance.query<{ id: string }>('select id from verification_tokens');
    expect(left.map(({ id }) => id)).to.have.members([people[1]!.tokenId, people[2]!.tokenId]);
  });

  it('goes part by part, and ends when it is told to', async () => {
    const { id } = await instance.register('many');
    await instance.query(
      `insert into verification_tokens (id, user_id, token_hash, expires_at)
       select gen_random_uuid(), $1, sha256(n::text::bytea), now() - interval '40 days' from generate_series(1, 2500) n`,
      [id],
    );
    expect(await pruneTokens(instance.context, { olderThan: 30 * day, isOver: () => true })).to.equal(1_000);
    expect(await pruneTokens(instance.context, { olderThan: 30 * day })).to.equal(1_500);
  });
});
