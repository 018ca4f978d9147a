import { expect } from 'chai';
import { pruneMailboxCounts } from '../../src/limits/prune-mailbox-counts.js';
import { pruneEmails } from '../../src/outbox/prune-emails.js';
import { createMigratedInstance, createTestInstance } from '../fluentmeet/test-instance.js';

const day = 86_400_000;

describe('pruneAlongKey', () => {
  let instance: Awaited<ReturnType<typeof createMigratedInstance>>;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users, mailbox_counts cascade'));

  /** So many budgets of one mailbox, by name in this order; expired are those of the condition. */
  const addBudgets = (count: number, expired: string) =>
    instance.query(
      `insert into mailbox_counts (mailbox, budget, expires_at)
       select '\\x01', 'login:' || lpad(n::text, 5, '0'),
         now() + case when ${expired} then interval '-1 hour' else interval '1 hour' end
       from generate_series(1, $1) n`,
      [count],
    );
  const addEmails = async (count: number, ago: string) => {
    await instance.query(
      `insert into users (email, hashed_password) values ('ada@example.com', 'x') on conflict do nothing`,
    );
    await instance.query(
      `insert into email_outbox (event_id, user_id, template, status, created_at, next_attempt_at, published_at)
       select gen_random_uuid(), (select id from users), 'verification', 'published', t, t, t
       from (select now() - $2::interval as t) moment, generate_series(1, $1)`,
      [count, ago],
    );
  };
  const left = async (table: string) => (await instance.query(`select from ${table}`)).length;

  it('skips no row of a mailbox whose budgets are more than a part', async () => {
    await addBudgets(2_500, 'n in (999, 1000, 1001, 1002, 2000, 2001, 2500)');
    expect(await pruneMailboxCounts(instance.context)).to.equal(7);
    expect(await left('mailbox_counts')).to.equal(2_493);
  });

  it('goes through many parts, and ends early between two', async () => {
    await addBudgets(2_500, 'true');
    expect(await pruneMailboxCounts(instance.context, { isOver: () => true })).to.equal(1_000);
    const parts: number[] = [];
    const onPruned = (count: number): void => void parts.push(count);
    expect(await pruneMailboxCounts(instance.context, { onPruned })).to.equal(1_500);
    expect(parts).to.deep.equal([1_000, 500]);
  });

  it('ends at the first row that is young', async () => {
    await addEmails(1_200, '40 days');
    await addEmails(1, '1 day');
    await addEmails(1_200, '40 days');
    const prune = () => pruneEmails(instance.context, { statuses: ['published'], olderThan: 30 * day });
    // Those of the part that has it, behind it too: they are old, by whatever clock wrote them.
    expect(await prune()).to.equal(1_999);
    expect(await prune()).to.equal(401);
  });

  it('shares the work of two who prune at once, waits for nobody who holds a row, and loses nothing', async () => {
    await addBudgets(2_500, 'true');
    const other = createTestInstance(instance.url);
    try {
      await instance.warmUp();
      await other.warmUp();
      const { database } = instance.context;
      await database.transaction(async (transaction) => {
        await database.query(
          `select from mailbox_counts where budget = 'login:01000' for update`,
          [],
          transaction,
        );
        const counts = await Promise.all(
          [instance, other, instance, other].map(({ context }) => pruneMailboxCounts(context)),
        );
        expect(counts.reduce((sum, count) => sum + count)).to.equal(2_499);
        expect(await left('mailbox_counts')).to.equal(1);
      });
      expect(await pruneMailboxCounts(other.context)).to.equal(1);
    } finally {
      await other.stop();
    }
  });

  it('reads no whole table for a part of it', async function () {
    await addBudgets(50_000, 'n % 3 = 0');
    await addEmails(50_000, '40 days');
    await instance.query('analyze mailbox_counts');
    await instance.query('analyze email_outbox');
    const { database } = instance.context;
    const plans: string[] = [];
    const query: typeof database.query = async (sql, bind, ...rest) => {
      const plan = await database.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, bind, ...rest);
      plans.push(plan.map((row) => row['QUERY PLAN']).join('\n'));
      return database.query(sql, bind, ...rest);
    };
    const context = { ...instance.context, database: { ...database, query } };
    let parts = 0;
    const isOver = (): boolean => ++parts % 2 === 0;
    await pruneMailboxCounts(context, { isOver });
    await pruneEmails(context, { statuses: ['published'], olderThan: 30 * day, isOver });
    expect(plans).to.have.lengthOf(4);
    for (const plan of plans) {
      expect(plan).to.match(/Index (?:Only )?Scan/);
      expect(plan).not.to.contain('Seq Scan');
    }
  });
});
