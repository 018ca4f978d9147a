import { expect } from 'chai';
import { listUsers } from '../../src/desk/list-users.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

const day = 86_400_000;

describe('listUsers', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  it('lists by state, newest first, page by page', async () => {
    const made = [];
    for (const name of ['a', 'b', 'c', 'd']) made.push(await instance.register(name));
    const [a, b, c, d] = made.map(({ id }) => id) as [number, number, number, number];
    await instance.query('update users set is_verified = true where id = $1', [a]);
    await instance.query('update users set is_active = false where id = $1', [b]);
    await instance.query('update users set deleted_at = now() where id = $1', [c]);
    const ids = async (filter: Parameters<typeof listUsers>[1]) =>
      (await listUsers(instance.context, filter)).users.map(({ id }) => id);
    expect(await ids({})).to.deep.equal([d, b, a]);
    expect(await ids({ verified: true })).to.deep.equal([a]);
    expect(await ids({ active: false })).to.deep.equal([b]);
    expect(await ids({ deleted: true })).to.deep.equal([c]);
    expect(await ids({ since: new Date(Date.now() + day) })).to.deep.equal([]);
    expect(await ids({ until: new Date(Date.now() - day) })).to.deep.equal([]);
    expect(await ids({ until: new Date(Date.now() + day), active: true })).to.deep.equal([d, a]);
    await instance.query(`update users set email = 'd@sub.example.com' where id = $1`, [d]);
    expect(await ids({ domain: 'EXAMPLE.com' })).to.deep.equal([b, a]);
    expect(await ids({ domain: 'sub.example.com' })).to.deep.equal([d]);
    expect(await rejection(listUsers(instance.context, { domain: '%' }))).to.include({
      code: 'VALIDATION_ERROR',
    });
    const first = await listUsers(instance.context, { limit: 2 });
    expect(first.next).to.equal(b);
    expect(await ids({ limit: 2, before: b })).to.deep.equal([a]);
  });
});
