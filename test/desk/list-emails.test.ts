import { expect } from 'chai';
import { listEmails } from '../../src/desk/list-emails.js';
import { emailOf } from './emails-on-hand.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

describe('listEmails', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  let made = 0;
  const next = () => `person${++made}`;

  it('lists by status and address, page by page', async () => {
    const [one, two, three] = [
      await emailOf(instance, next()),
      await emailOf(instance, next(), 'published'),
      await emailOf(instance, next()),
    ];
    const ids = async (filter: Parameters<typeof listEmails>[1]) =>
      (await listEmails(instance.context, filter)).emails.map(({ id }) => id);
    expect(await ids({})).to.deep.equal([three.emailId, two.emailId, one.emailId]);
    expect(await ids({ status: 'dead' })).to.deep.equal([three.emailId, one.emailId]);
    expect(await ids({ email: two.email.toUpperCase() })).to.deep.equal([two.emailId]);
    expect(await ids({ ids: [one.emailId] })).to.deep.equal([one.emailId]);
    expect(await ids({ since: new Date(Date.now() + 60_000) })).to.deep.equal([]);
    expect(await ids({ until: new Date(Date.now() - 60_000) })).to.deep.equal([]);
    const page = await listEmails(instance.context, { limit: 2 });
    expect(await ids({ limit: 2, before: page.next ?? 0 })).to.deep.equal([one.emailId]);
  });

  it('finds a part of the last error, whatever its letters, and takes no sign in it for a pattern', async () => {
    const [large, percent] = [await emailOf(instance, next()), await emailOf(instance, next())];
    await instance.query(`update email_outbox set last_error = '100% of C:\\_x' where id = $1`, [
      percent.emailId,
    ]);
    const ids = async (error: string) =>
      (await listEmails(instance.context, { error })).emails.map(({ id }) => id);
    expect(await ids('Too LARGE')).to.deep.equal([large.emailId]);
    expect(await ids('0%')).to.deep.equal([percent.emailId]);
    expect(await ids(':\\_')).to.deep.equal([percent.emailId]);
    for (const error of ['%', '_']) expect(await ids(error), error).to.deep.equal([percent.emailId]);
    expect(await ids('too%')).to.deep.equal([]);
  });
});
