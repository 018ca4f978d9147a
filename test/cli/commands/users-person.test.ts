import { expect } from 'chai';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { runPrompted } from '../prompted.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';

describe('fluentmeet users export and erase', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  before(async () => {
    database = await createDatabase();
    env = { DATABASE_URL: database.url, FLUENTMEET_SECRET: 'a secret of 32 characters, or more' };
    await runCli(['migrate', 'up'], { env });
  });
  after(() => database.drop());
  beforeEach(async () => {
    await query(
      database.url,
      'truncate users, invites, mailbox_counts, email_requests restart identity cascade',
    );
    await query(
      database.url,
      `with u as (insert into users (email, hashed_password, full_name) values ('ada@example.com', '$2b$hash', E'A\\u001b[2J') returning id)
       , request as (insert into email_requests (user_id, due_at) select id, now() from u)
       insert into email_outbox (event_id, user_id, template) select gen_random_uuid(), id, 'verification' from u`,
    );
  });
  const left = async () => (await query(database.url, 'select from users')).length;

  it('prints one JSON document with the address in full, and logs who asked', async () => {
    const run = await runCli(['users', 'export', 'ADA@example.com', '--as', 'alice'], {
      env,
      terminal: { stdout: true },
    });
    expect(run.code).to.equal(0);
    expect(run.json<{ user: object }>().user).to.include({ id: 1, email: 'ada@example.com' });
    expect(run.stdout).not.to.contain('\u001b').and.not.contain('$2b$');
    expect(run.stderr).to.match(/operator\.user-exported userId=1 by=alice/);
    expect(run.stderr).not.to.contain('ada@example.com');
    const asked = await runCli(['users', 'export', '1', '--json'], { env });
    expect({ code: asked.code, stdout: asked.stdout }).to.deep.equal({ code: 0, stdout: run.stdout });
  });

  it('names every kind of rows in the help of both', async () => {
    const { stdout } = await runCli(['users', 'export', '1'], { env });
    const { user: _, ...kinds } = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(kinds)).to.include('email_requests');
    for (const command of ['export', 'erase']) {
      const help = (await runCli(['users', command, '--help'], { env })).stdout;
      for (const kind of Object.keys(kinds)) expect(help, command).to.contain(`"${kind}"`);
    }
  });

  it('erases after a yes that names how much and where, or with --yes', async () => {
    const dry = await runCli(['users', 'erase', '1', '--dry-run'], { env });
    expect(dry.stdout).to.contain('Would be erased: 1 account, 1 email, 1 request for an email, 0 links');
    expect(dry.stderr)
      .to.contain('lies with the mail service')
      .and.contain('in the email topic, and in its .retry and .dead');
    const prompted = await runPrompted(['users', 'erase', '1'], env);
    await prompted.see(
      'Erase one person for good (1 account, 1 email, 1 request for an email, 0 links, 0 invites, 0 counts of mails, 0 keys)',
    );
    await prompted.see(new URL(database.url).pathname.slice(1));
    prompted.keypress('enter');
    expect(await prompted.code).to.equal(1);
    expect(await left()).to.equal(1);
    expect((await runCli(['users', 'erase', '1'], { env })).code).to.equal(2);
    const run = await runCli(['users', 'erase', '1', '--yes', '--json', '--as', 'alice'], { env });
    expect(run.json<object>()).to.deep.equal({
      erased: {
        accounts: 1,
        emails: 1,
        email_requests: 1,
        links: 0,
        invites: 0,
        mailbox_counts: 0,
        signup_keys: 0,
      },
      dry_run: false,
    });
    expect(run.stderr).to.match(/operator\.user-erased userId=1 .*by=alice/);
    expect(await left()).to.equal(0);
  });

  it('ends with 1 where nothing is kept, and with 2 without the secret', async () => {
    for (const command of [
      ['export', 'x@example.com'],
      ['erase', 'x@example.com', '--yes'],
    ]) {
      const run = await runCli(['users', ...command], { env });
      expect(run.code).to.equal(1);
      expect(run.stderr).to.contain('Nothing is kept about this person.');
      const { code, stderr } = await runCli(['users', ...command], { env: { DATABASE_URL: database.url } });
      expect(code).to.equal(2);
      expect(stderr).to.contain('FLUENTMEET_SECRET');
    }
  });
});
