import { expect } from 'chai';
import { ourTables } from '../../src/database/tables.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { NotFoundError } from '../../src/errors.js';
import { exportUser } from '../../src/desk/export-user.js';
import { personalRows } from '../../src/desk/personal-rows.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('exportUser', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users, invites, mailbox_counts cascade'));

  it('holds every column about the person, and no hash, token or anything of others', async () => {
    const [ada] = [await instance.register('ada'), await instance.register('grace')];
    await createInvite(instance.context, { email: ada.email, note: 'Spring course' });
    await createInvite(instance.context, { email: 'grace@example.com' });
    await instance.query('update users set deleted_at = now() where id = $1', [ada.id]);
    const found = await exportUser(instance.context, { email: ' ADA@example.com' });
    expect(found.user).to.include({ id: ada.id, email: ada.email, is_verified: false });
    expect(found.emails).to.have.lengthOf(1);
    expect(found.emails[0]).to.include({ id: Number(ada.outboxId), user_id: ada.id, event_id: ada.eventId });
    expect(found.links).to.have.lengthOf(1);
    expect(found.links[0]).to.include({ id: ada.tokenId });
    expect(found.invites).to.have.lengthOf(1);
    expect(found.invites[0]).to.include({ note: 'Spring course' });
    expect(found.mailbox_counts).to.have.lengthOf(1);
    expect(found.mailbox_counts[0]).to.include({ budget: 'signup' });
    const text = JSON.stringify(found);
    expect(text).not.to.match(/hash|"mailbox"|lease_token|grace/);
    expect(text).not.to.contain(ada.token);
  });

  it('finds what is kept without an account, and says where nothing is', async () => {
    await createInvite(instance.context, { email: 'ada@example.com' });
    expect((await exportUser(instance.context, { email: 'ada@example.com' })).user).to.equal(null);
    for (const reference of [{ email: 'nobody@example.com' }, { id: 999_999 }]) {
      expect(await rejection(exportUser(instance.context, reference))).to.be.instanceOf(NotFoundError);
    }
  });

  it('looks into every table that can hold something about a person', async () => {
    const ada = await instance.register('ada');
    const account = await instance.context.models.User.findByPk(ada.id);
    const seen = personalRows(instance.context, { account, address: ada.email }).map(({ model }) => {
      const name = model.getTableName();
      return typeof name === 'string' ? name : (name as { tableName: string }).tableName;
    });
    // A table that is neither exported nor named here was forgotten.
    const impersonal = ourTables.filter((table) => /^(relay_pause|domain_counts)$/.test(table));
    expect(['users', ...seen, ...impersonal]).to.have.members(ourTables);
  });
});
