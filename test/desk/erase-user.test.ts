import { expect } from 'chai';
import { AccountHeldError, NotFoundError } from '../../src/errors.js';
import { eraseUser } from '../../src/desk/erase-user.js';
import { exportUser } from '../../src/desk/export-user.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { createMigratedInstance, rejection, type TestInstance, until } from '../fluentmeet/test-instance.js';
import { holdingKeys } from '../support/holding-keys.js';

describe('eraseUser', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users, invites, mailbox_counts cascade'));

  const all = {
    accounts: 1,
    emails: 1,
    email_requests: 0,
    links: 1,
    invites: 1,
    mailbox_counts: 1,
    signup_keys: 1,
  };

  for (const state of [
    'is_verified = false',
    'is_verified = true',
    'is_active = false',
    'deleted_at = now()',
  ]) {
    it(`removes everything of an account with ${state}, nothing of others, and frees the address`, async () => {
      const [ada, grace] = [await instance.register('ada'), await instance.register('grace')];
      await createInvite(instance.context, { email: ada.email });
      await instance.query(
        `insert into signup_keys (key_hash, address_hash, user_id) values ('\\x01', '\\x02', $1)`,
        [ada.id],
      );
      await instance.query(`update users set ${state} where id = $1`, [ada.id]);
      expect(await eraseUser(instance.context, { id: ada.id }, { dryRun: true })).to.deep.equal(all);
      expect(await eraseUser(instance.context, { id: ada.id })).to.deep.equal(all);
      expect(await rejection(exportUser(instance.context, { email: ada.email }))).to.be.instanceOf(
        NotFoundError,
      );
      expect(await rejection(eraseUser(instance.context, { email: ada.email }))).to.be.instanceOf(
        NotFoundError,
      );
      expect((await exportUser(instance.context, { id: grace.id })).emails).to.have.lengthOf(1);
      await instance.register('ada');
    });
  }

  it('holds the account before its links, as a verification does: neither waits for what the other holds', async () => {
    const ada = await instance.register('ada');
    const { database } = instance.context;
    let erasing!: Promise<unknown>;
    await database.transaction(async (transaction) => {
      await database.query('select from users where id = $1 for no key update', [ada.id], transaction);
      erasing = eraseUser(instance.context, { id: ada.id });
      const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await until(async () => (await instance.query(waiting)).length === 1, 'the erasure waited');
      await database.query("set local lock_timeout = '100ms'", [], transaction);
      await database.query('update verification_tokens set used_at = now()', [], transaction);
    });
    expect(await erasing).to.include({ accounts: 1, links: 1 });
  });

  it('holds the counts of the mailbox before its emails, as a relay does', async () => {
    const ada = await instance.register('ada');
    const { database } = instance.context;
    let erasing!: Promise<unknown>;
    await database.transaction(async (transaction) => {
      await database.query('select from mailbox_counts for update', [], transaction);
      erasing = eraseUser(instance.context, { id: ada.id });
      const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await until(async () => (await instance.query(waiting)).length === 1, 'the erasure waited');
      await database.query("set local lock_timeout = '100ms'", [], transaction);
      await database.query('update email_outbox set due_at = now()', [], transaction);
    });
    expect(await erasing).to.include({ accounts: 1, emails: 1, mailbox_counts: 1 });
  });

  it("is the host's to call as well", async () => {
    const { email } = await instance.register('ada');
    await instance.fluentmeet.eraseUser({ email: email.toUpperCase() });
    expect(await instance.query('select from users')).to.have.lengthOf(0);
    expect(await rejection(instance.fluentmeet.eraseUser({ email }))).to.include({ code: 'NOT_FOUND' });
    await instance.register('grace');
    for (const nobody of [{}, { id: undefined }, { id: Number.NaN }, { email: undefined }, { id: '1' }]) {
      expect(await rejection(instance.fluentmeet.eraseUser(nobody as never))).to.include({
        code: 'VALIDATION_ERROR',
      });
    }
    expect(await instance.query('select from users')).to.have.lengthOf(1);
  });

  it('is a line of the log, without the address', async () => {
    const ada = await instance.register('ada');
    instance.events.length = 0;
    await eraseUser(instance.context, { id: ada.id }, { dryRun: true });
    await eraseUser(instance.context, { id: ada.id });
    expect(instance.events).to.deep.equal(['operator.user-erased']);
  });

  for (const key of holdingKeys) {
    it(`says what of the host's holds the account, and then removes nothing (${key})`, async () => {
      const ada = await instance.register('ada');
      await instance.query(`create table host_orders (user_id bigint references users ${key})`);
      try {
        await instance.query('insert into host_orders values ($1)', [ada.id]);
        expect(await rejection(eraseUser(instance.context, { id: ada.id }))).to.be.instanceOf(
          AccountHeldError,
        );
        expect((await exportUser(instance.context, { id: ada.id })).emails).to.have.lengthOf(1);
      } finally {
        await instance.query('drop table host_orders');
      }
    });
  }
});
