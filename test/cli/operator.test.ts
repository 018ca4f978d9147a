import { expect } from 'chai';
import { userInfo } from 'node:os';
import { operatorName } from '../../src/cli/cli.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { query } from './query.js';
import { runCli } from './run-cli.js';

describe('the operator', () => {
  it('is who they say to be, by default the user of the system', () => {
    expect(operatorName(' alice ')).to.equal('alice');
    expect(operatorName(undefined)).to.equal(userInfo().username);
    for (const name of ['', '  ', 'a'.repeat(101), 'a\nb', 'a\u2028b'])
      expect(() => operatorName(name)).to.throw('--as needs a name');
  });

  describe('at work', () => {
    let database: TestDatabase;
    let env: Record<string, string>;
    before(async () => {
      database = await createDatabase();
      env = { DATABASE_URL: database.url };
      await runCli(['migrate', 'up'], { env });
    });
    after(() => database.drop());
    beforeEach(async () => {
      await query(database.url, 'truncate users restart identity cascade');
      await query(
        database.url,
        `with u as (insert into users (email, hashed_password) values ('ada@example.com', 'x') returning id)
         insert into email_outbox (event_id, user_id, template, status) select gen_random_uuid(), id, 'verification', 'dead' from u`,
      );
    });

    const acts: [args: string[], line: RegExp][] = [
      [['users', 'verify', '1'], /operator\.user-verified userId=1 by=alice at=\d{4}-/],
      [['users', 'deactivate', '1', '--yes'], /operator\.user-deactivated userId=1 by=alice/],
      [['users', 'purge-unverified', '--yes'], /operator\.users-purged count=0 by=alice/],
      [['emails', 'replay', '--all'], /operator\.emails-replayed count=1 .*by=alice/],
      [['emails', 'prune', '--yes'], /operator\.emails-pruned count=0 .*by=alice/],
      [['tokens', 'revoke-all', '--yes'], /operator\.tokens-revoked .*by=alice/],
    ];
    for (const [args, line] of acts) {
      it(`leaves one line of the log for ${args.join(' ')}`, async () => {
        const { code, stderr, stdout } = await runCli([...args, '--as', 'alice'], { env });
        expect(code).to.equal(0);
        expect(stderr.split('\n').filter((one) => line.test(one))).to.have.lengthOf(1);
        expect(stdout + stderr).not.to.contain('ada@example.com');
      });
    }

    it('cannot forge a line, nor work under no name', async () => {
      const { stderr } = await runCli(['users', 'verify', '1', '--as', 'a\nforged by=bob'], { env });
      expect(stderr).not.to.match(/^forged/m);
      expect((await runCli(['users', 'verify', '1', '--as', ' '], { env })).code).to.equal(2);
    });
  });
});
