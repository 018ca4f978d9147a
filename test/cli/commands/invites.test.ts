import { expect } from 'chai';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { runCli } from '../run-cli.js';

describe('fluentmeet invites create', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
    await runCli(['migrate', 'up'], { env: { DATABASE_URL: database.url } });
  });
  after(() => database.drop());

  async function create(env: Record<string, string>, ...flags: string[]) {
    const run = await runCli(['invites', 'create', '--json', ...flags], {
      env: { DATABASE_URL: database.url, ...env },
    });
    expect(run.stderr).not.to.contain('error:');
    return run.json<{ token: string; link: string | null; domain: string | null }>();
  }

  it('prints the link of the page with the invite filled in: the host’s page, ours, or none that is known', async () => {
    const ours = await create(
      { FLUENTMEET_PUBLIC_URL: 'https://app.example.com/' },
      '--domain',
      'Example.com',
    );
    expect(ours.link).to.equal(`https://app.example.com/signup?invite=${ours.token}`);
    expect(ours.domain).to.equal('example.com');
    const own = await create({ FLUENTMEET_BRAND_SIGNUP_URL: 'https://example.com/join?from=cli' });
    expect(own.link).to.equal(`https://example.com/join?from=cli&invite=${own.token}`);
    expect((await create({})).link).to.equal(null);
  });
});
