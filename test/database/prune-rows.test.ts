import { expect } from 'chai';
import { pruneRows } from '../../src/database/prune-rows.js';
import { createMigratedInstance } from '../fluentmeet/test-instance.js';

describe('pruneRows', () => {
  let instance: Awaited<ReturnType<typeof createMigratedInstance>>;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());

  const table = { name: 'invites', key: 'id', isOld: (cutoff: string) => `expires_at < ${cutoff}` } as const;
  const prune = (isOver?: () => boolean) =>
    pruneRows(instance.context.database, table, { olderThan: 3_600_000, isOver });
  const add = (rows: number, ago: string) =>
    instance.query(
      `insert into invites (token_hash, max_uses, expires_at)
       select sha256(random()::text::bytea), 1, now() - $2::interval from generate_series(1, $1)`,
      [rows, ago],
    );
  beforeEach(() => instance.query('truncate invites'));

  it('deletes what is old, in parts of a thousand, and nothing else', async () => {
    await add(1_500, '61 minutes');
    await add(2, '59 minutes');
    expect(await prune(() => true)).to.equal(1_000);
    expect(await prune()).to.equal(500);
    expect(await prune()).to.equal(0);
    expect(await instance.query('select from invites')).to.have.lengthOf(2);
  });

  it('waits for nobody who holds a row', async () => {
    await add(2, '2 hours');
    const { database } = instance.context;
    await database.transaction(async (transaction) => {
      await database.query('select from invites order by id limit 1 for update', [], transaction);
      expect(await prune()).to.equal(1);
    });
    expect(await prune()).to.equal(1);
  });
});
