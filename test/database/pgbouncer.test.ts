import { expect } from 'chai';
import pg from 'pg';
import { EmailAlreadyRegisteredError } from '../../src/errors.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import {
  createTestInstance,
  linkToken,
  rejection,
  type TestInstance,
  until,
} from '../fluentmeet/test-instance.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { type Pooler, requirePgBouncer, startPgBouncer } from '../support/pgbouncer.js';

/** Fewer than there are clients, so that a statement rarely finds the connection of the one before. */
const serverConnections = 2;

describe('behind PgBouncer in transaction mode', () => {
  let database: TestDatabase;
  let pooler: Pooler;
  const instances: TestInstance[] = [];

  before(async function () {
    this.timeout(60_000);
    requirePgBouncer(this);
    database = await createDatabase();
    pooler = await startPgBouncer(database.url, serverConnections);
    instances.push(createTestInstance(pooler.url), createTestInstance(pooler.url));
  });

  after(async () => {
    for (const { fluentmeet } of instances) await fluentmeet.stop();
    await pooler?.stop();
    await database?.drop();
  });

  it('migrates once, also when two start at the same time', async () => {
    const [one, other] = await Promise.all(instances.map(({ fluentmeet }) => fluentmeet.migrate()));
    const status = await instances[0]!.context.migrator.status();
    expect([...one!, ...other!]).to.deep.equal(status.map(({ name }) => name));
    expect(status.every(({ appliedAt }) => appliedAt !== null)).to.equal(true);
  });

  it('signs people up from many connections at once, and each address once', async () => {
    const signUp = (index: number, of = instances[index % 2]!): Promise<unknown> =>
      of.fluentmeet.signUp({ email: `person${index}@example.com`, password: canaryPassword });
    // No more at once than their pools hold: the others would have a second to get one, whatever else this machine does.
    const twenty = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(twenty.map((index) => signUp(index)));
    await Promise.all(twenty.map((index) => signUp(20 + index)));
    expect(await rejection(signUp(0))).to.be.an.instanceOf(EmailAlreadyRegisteredError);

    const both = await Promise.allSettled([signUp(99, instances[0]), signUp(99, instances[1])]);
    expect(both.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
    const [count] = await instances[0]!.query<{ users: string }>('select count(*) as users from users');
    expect(count).to.deep.equal({ users: '41' });
  });

  it('lets one of two people have the last use of an invite, in transactions of several statements', async () => {
    const invited = createTestInstance(pooler.url, { signup: 'invite' });
    instances.push(invited);
    const { token } = await createInvite(invited.context);
    const signUp = (email: string): Promise<unknown> =>
      invited.fluentmeet.signUp({ email, password: canaryPassword, invite: token });
    const both = await Promise.allSettled([signUp('invited1@example.com'), signUp('invited2@example.com')]);
    expect(both.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
    expect(await invited.query('select uses from invites')).to.deep.equal([{ uses: 1 }]);
    expect(await invited.query("select from users where email like 'invited%'")).to.have.lengthOf(1);
  });

  it('publishes each email once, with two relays at work', async () => {
    for (const { fluentmeet } of instances) await fluentmeet.start();
    await until(
      async () =>
        (await instances[0]!.query("select from email_outbox where status = 'pending'")).length === 0,
      'every email is published',
    );
    const published = instances.flatMap(({ publisher }) => publisher.published.map(({ value }) => value.to));
    expect(published).to.have.lengthOf(42);
    expect(new Set(published)).to.have.lengthOf(42);
  });

  it('verifies by the link', async () => {
    const [outgoing] = instances.flatMap(({ publisher }) => publisher.published);
    await instances[1]!.fluentmeet.verifyEmail(linkToken(outgoing!));
    const user = await instances[0]!.fluentmeet.findUserByEmail(outgoing!.value.to);
    expect(user).to.have.property('is_verified', true);
  });

  it('leaves nothing in the sessions that others use after it', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      `select count(distinct pid)::integer as sessions,
         (select count(*)::integer from pg_locks where locktype = 'advisory') as locks
       from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and backend_type = 'client backend'`,
    );
    await client.end();
    expect(rows).to.deep.equal([{ sessions: serverConnections, locks: 0 }]);
    expect(await instances[0]!.query('select name from pg_prepared_statements')).to.deep.equal([]);
  });
});
