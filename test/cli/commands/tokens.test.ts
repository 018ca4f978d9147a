import { expect } from 'chai';
import { newToken } from '../../../src/verification/token-value.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';

describe('fluentmeet tokens revoke-all', () => {
  const leaked = 'l'.repeat(32);
  const fresh = 'f'.repeat(32);
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
    await runCli(['migrate', 'up'], { env: { DATABASE_URL: database.url } });
    await query(database.url, `insert into users (email, hashed_password) values ('ada@example.com', 'x')`);
  });
  after(() => database.drop());
  beforeEach(() => query(database.url, 'truncate verification_tokens'));

  async function link(secret: string, issued: string, life = '1 day'): Promise<void> {
    const { id, hash } = newToken(secret);
    await query(
      database.url,
      `insert into verification_tokens (id, user_id, token_hash, created_at, expires_at)
       select $1, id, $2, now() - $3::interval, now() - $3::interval + $4::interval from users`,
      [id, hash, issued, life],
    );
  }
  const revoke = async (): Promise<string> => {
    const env = { DATABASE_URL: database.url, FLUENTMEET_SECRET: fresh };
    const { code, stderr } = await runCli(['tokens', 'revoke-all', '--yes'], { env });
    expect(code).to.equal(0);
    return stderr;
  };

  it('asks for no other secret of whoever has just changed it, signups since or not', async () => {
    await link(leaked, '3 hours');
    await link(fresh, '1 minute');
    expect(await revoke()).not.to.contain('FLUENTMEET_SECRET');
  });

  it('warns where no link tells that the secret was changed, and says when that is well', async () => {
    await link(leaked, '3 days');
    await link(fresh, '3 hours');
    expect(await revoke())
      .to.contain('every link that works was made with the FLUENTMEET_SECRET that is set here')
      .and.contain('if you have changed it since, go on');
  });
});
