import { expect } from 'chai';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { runPrompted } from './prompted.js';
import { query } from './query.js';
import { runCli } from './run-cli.js';

describe('confirming what cannot be taken back', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  let name: string;
  before(async () => {
    database = await createDatabase();
    env = { DATABASE_URL: database.url };
    name = new URL(database.url).pathname.slice(1);
    await runCli(['migrate', 'up'], { env });
  });
  after(() => database.drop());
  beforeEach(async () => {
    await query(database.url, 'truncate users restart identity cascade');
    await query(
      database.url,
      `with u as (
         insert into users (email, hashed_password, created_at)
         select 'person' || n || '@example.com', 'x', now() - interval '90 days' from generate_series(1, 3) n returning id
       )
       insert into email_outbox (event_id, user_id, template, status, published_at, created_at)
       select gen_random_uuid(), id, 'verification', 'published', now() - interval '90 days', now() - interval '90 days' from u`,
    );
  });
  const left = async () => (await query(database.url, 'select from users')).length;

  it('names the database, its host and how many', async () => {
    const prompted = await runPrompted(['emails', 'prune', '--older-than', '1w'], env);
    await prompted.see('"emails replay" cannot publish it again');
    await prompted.see('POST /resend-verification');
    await prompted.see('Delete 3 published and obsolete emails for good, in the database');
    await prompted.see(name);
    await prompted.see(`on ${new URL(database.url).hostname}?`);
    prompted.keypress('enter');
    expect(await prompted.code).to.equal(1);
    expect(prompted.screen()).to.contain('not confirmed: nothing was changed');
    expect(await query(database.url, 'select from email_outbox')).to.have.lengthOf(3);
  });

  it("wants the database's name typed where everybody is concerned", async () => {
    for (const [typed, code, users] of [
      ['y', 1, 3],
      ['', 1, 3],
      [name, 0, 0],
    ] as const) {
      const prompted = await runPrompted(['users', 'purge-unverified'], env);
      await prompted.see('Delete 3 unverified accounts for good');
      await prompted.see("Type the database's name");
      prompted.type(typed);
      prompted.keypress('enter');
      expect(await prompted.code, typed).to.equal(code);
      expect(await left(), typed).to.equal(users);
    }
  });

  for (const [args, deed] of [
    [['tokens', 'revoke-all'], 'Make every verification link useless (0)'],
    [['migrate', 'down', '--all'], 'Revert '],
  ] as const) {
    it(`wants it typed for ${args.join(' ')}`, async () => {
      const prompted = await runPrompted(args, env);
      await prompted.see(deed);
      await prompted.see("Type the database's name");
      prompted.keypress('enter');
      expect(await prompted.code).to.equal(1);
    });
  }

  it('asks before it sends again what was published, and sends with --yes', async () => {
    const replay = ['emails', 'replay', '--status', 'published'];
    const prompted = await runPrompted(replay, env);
    await prompted.see('Whoever got the mail gets another one');
    await prompted.see('Publish 3 published emails once more');
    prompted.keypress('enter');
    expect(await prompted.code).to.equal(1);
    const { code, stderr } = await runCli(replay, { env });
    expect(code).to.equal(2);
    expect(stderr).to.contain('missing --yes');
    expect(await query(database.url, `select from email_outbox where status = 'published'`)).to.have.lengthOf(
      3,
    );
    expect((await runCli([...replay, '--yes'], { env })).stdout).to.equal('pending: 3\n');
  });

  it('asks nothing where nothing would be sent again', async () => {
    const prompted = await runPrompted(
      ['emails', 'replay', '--status', 'published', '--email', 'a@example.com'],
      env,
    );
    await prompted.see('No email matches');
    expect(await prompted.code).to.equal(0);
  });
});
