import { expect } from 'chai';
import { pruneHistory } from '../../src/desk/prune-history.js';
import { purgeUnverified } from '../../src/desk/purge-unverified.js';
import {
  createMigratedInstance,
  createTestInstance,
  type TestInstance,
} from '../fluentmeet/test-instance.js';
import { holdingKeys } from '../support/holding-keys.js';

const day = 86_400_000;

describe('purgeUnverified', () => {
  let instance: TestInstance & { url: string };
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  const old = `created_at = now() - interval '40 days'`;
  /** Signed up 40 days ago, their mail published, their link expired. */
  async function forgotten(name: string): Promise<number> {
    const { id } = await instance.register(name);
    await instance.query(`update users set ${old} where id = $1`, [id]);
    await instance.query(`update verification_tokens set expires_at = now() where user_id = $1`, [id]);
    await instance.query(`update email_outbox set status = 'published' where user_id = $1`, [id]);
    return id;
  }
  const purge = (dryRun = false) => purgeUnverified(instance.context, { olderThan: 30 * day, dryRun });
  const left = async () =>
    (await instance.query<{ email: string }>('select email from users order by id')).map(
      ({ email }) => email.split('@')[0],
    );

  for (const hooks of [{}, { onRemoved: () => undefined }]) {
    it(`waits for nobody, and spares whom somebody writes to at that moment (${Object.keys(hooks).length} hooks)`, async () => {
      const purging = createTestInstance(instance.url, { hooks });
      const purgeNow = () => purgeUnverified(purging.context, { olderThan: 30 * day });
      try {
        const id = await forgotten('asks-again');
        const { database } = instance.context;
        await database.transaction(async (transaction) => {
          await database.query('select from users where id = $1 for key share', [id], transaction);
          await database.query(
            `insert into verification_tokens (id, user_id, token_hash, expires_at)
             values (gen_random_uuid(), $1, '\\x01', now() + interval '1 day')`,
            [id],
            transaction,
          );
          expect(await purgeNow()).to.deep.include({ purged: 0 });
        });
        expect(await purgeNow()).to.deep.equal({ purged: 0, kept: { liveLink: 1, unsentEmail: 0, held: 0 } });
        expect(await left()).to.deep.equal(['asks-again']);
      } finally {
        await purging.stop();
      }
    });
  }

  it('deletes those alone, counts them first in a dry run, and frees their addresses', async () => {
    await forgotten('gone');
    await instance.register('young');
    const set = (name: string, what: string) =>
      instance.query(`update users set ${what} where email = $1`, [`${name}@example.com`]);
    for (const name of ['verified', 'inactive', 'deleted', 'live', 'pending', 'dead']) await forgotten(name);
    await set('verified', 'is_verified = true');
    await set('inactive', 'is_active = false');
    await set('deleted', 'deleted_at = now()');
    await instance.query(
      `update verification_tokens set expires_at = now() + interval '1 hour'
       where user_id = (select id from users where email = 'live@example.com')`,
    );
    for (const status of ['pending', 'dead']) {
      await instance.query(
        `update email_outbox set status = $1 where user_id = (select id from users where email = $1 || '@example.com')`,
        [status],
      );
    }
    const expected = { purged: 1, kept: { liveLink: 1, unsentEmail: 2, held: 0 } };
    expect(await purge(true)).to.deep.equal(expected);
    expect(await left()).to.include('gone');
    expect(await purge()).to.deep.equal(expected);
    expect(await left()).to.deep.equal([
      'young',
      'verified',
      'inactive',
      'deleted',
      'live',
      'pending',
      'dead',
    ]);
    expect(
      await instance.query(
        `select from email_outbox o left join users u on u.id = o.user_id where u.id is null`,
      ),
    ).to.deep.equal([]);
    await instance.register('gone');
  });

  for (const hooks of [{}, { onRemoved: () => undefined }]) {
    it(`spares whoever asked again, before a relay has written their email (${Object.keys(hooks).length} hooks)`, async () => {
      const purging = createTestInstance(instance.url, { hooks });
      try {
        await forgotten('asks-again');
        await forgotten('gone');
        await instance.fluentmeet.resendVerification({ email: 'asks-again@example.com' });
        const expected = { purged: 1, kept: { liveLink: 0, unsentEmail: 1, held: 0 } };
        expect(await purge(true)).to.deep.equal(expected);
        expect(await purgeUnverified(purging.context, { olderThan: 30 * day })).to.deep.equal(expected);
        expect(await left()).to.deep.equal(['asks-again']);
      } finally {
        await purging.stop();
        await instance.query('truncate email_requests, mailbox_counts');
      }
    });
  }

  it('goes on in batches past those that stay', async () => {
    await instance.query(
      `insert into users (email, hashed_password, is_verified, created_at)
       select n || '@example.com', 'x', n % 2 = 0, now() - interval '40 days' from generate_series(1, 2500) n`,
    );
    const seen: number[] = [];
    const result = await purgeUnverified(instance.context, {
      olderThan: 30 * day,
      onProgress: (count) => seen.push(count),
    });
    expect(result.purged).to.equal(1250);
    expect(seen).to.deep.equal([500, 1000, 1250]);
    expect(await purge()).to.include({ purged: 0 });
  });

  for (const key of holdingKeys) {
    it(`goes on past an account that a row of the host's holds, by hand and by itself (${key})`, async () => {
      await instance.query(`create table teams (owner bigint references users ${key})`);
      const keeping = createTestInstance(instance.url, { unverifiedRetention: '30d' });
      try {
        const held = await forgotten('held');
        await forgotten('gone');
        await instance.query('insert into teams values ($1)', [held]);
        instance.events.length = 0;
        expect(await purge()).to.deep.equal({ purged: 1, kept: { liveLink: 0, unsentEmail: 0, held: 1 } });
        expect(instance.events).to.include('user.not-removed');
        await forgotten('gone-too');
        await pruneHistory(keeping.context, () => false);
        expect(await left()).to.deep.equal(['held']);
      } finally {
        await keeping.stop();
        await instance.query('drop table teams');
      }
    });
  }

  it('ends after the account at hand where each is removed by itself', async () => {
    const purging = createTestInstance(instance.url, { hooks: { onRemoved: () => undefined } });
    const ending = new AbortController();
    try {
      for (const name of ['first', 'second', 'third']) await forgotten(name);
      const request = { olderThan: 30 * day, signal: ending.signal, onProgress: () => ending.abort() };
      expect(await purgeUnverified(purging.context, request)).to.include({ purged: 1 });
      expect(await left()).to.deep.equal(['second', 'third']);
    } finally {
      await purging.stop();
    }
  });

  it('spares an account that is verified while the purge is at it', async () => {
    const id = await forgotten('ada');
    const { database } = instance.context;
    await database.transaction(async (transaction) => {
      await database.query('update users set is_verified = true where id = $1', [id], transaction);
      expect(await purge()).to.include({ purged: 0 });
    });
    expect(await purge()).to.include({ purged: 0 });
    expect(await left()).to.deep.equal(['ada']);
  });
});
