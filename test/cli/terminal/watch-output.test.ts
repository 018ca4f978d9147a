import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiled } from '../../support/compiled.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('an output that cannot be written', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
    await runCli(['migrate', 'up'], { env: { DATABASE_URL: database.url } });
  });
  after(() => database.drop());

  /** Into a full disk, or into a pipe that nobody reads. */
  async function run(
    args: string[],
    into: 'full' | 'gone',
    env: Record<string, string> = {},
    stdin = '',
  ): Promise<{ code: number; stderr: string }> {
    const child = spawn(process.execPath, [compiled('bin/fluentmeet.ts'), ...args], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: database.url, FLUENTMEET_BCRYPT_COST: '4', ...env },
      stdio: ['pipe', into === 'full' ? openSync('/dev/full', 'w') : 'pipe', 'pipe'],
    });
    child.stdin?.end(stdin);
    child.stdout?.destroy();
    let stderr = '';
    child.stderr?.on('data', (chunk) => (stderr += chunk));
    const [code] = (await once(child, 'close')) as [number];
    return { code, stderr };
  }

  for (const args of [['users', 'list', '--json'], ['--help'], ['--version'], ['migrate', 'status']]) {
    it(`is an error in one line for ${args.join(' ')}`, async () => {
      const { code, stderr } = await run(args, 'full');
      expect(code).to.equal(1);
      expect(stderr).to.contain('error: the output could not be written (ENOSPC)');
      expect(stderr).not.to.match(/^\s+at /m);
    });
  }

  it('is no error where the reader has read enough', async () => {
    expect(await run(['migrate', 'status'], 'gone')).to.deep.equal({ code: 0, stderr: '' });
  });

  for (const into of ['full', 'gone'] as const) {
    it(`says what was made whose secret is lost, with a disk or reader that is ${into}`, async () => {
      const invite = await run(['invites', 'create'], into);
      expect(invite.code).to.equal(1);
      expect(invite.stderr).to.match(
        /Invite \d+ was made, and its token is lost.*fluentmeet invites revoke \d+/,
      );
      const seed = await run(['seed', '--count', '2', '--seed', into === 'full' ? '5' : '6'], into);
      expect(seed.code).to.equal(1);
      expect(seed.stderr).to.match(/2 users were made, and their password is lost/);
    });
  }

  it('calls no password lost that was given', async () => {
    const { stderr } = await run(
      ['seed', '--count', '2', '--seed', '7', '--password-stdin'],
      'full',
      {},
      'of our own choice\n',
    );
    expect(stderr)
      .to.contain('2 users were made, with the password that you gave.')
      .and.not.to.contain('lost');
  });

  it('calls no invite lost whose link stands on stderr', async () => {
    const env = { FLUENTMEET_PUBLIC_URL: 'https://app.example.com' };
    const shown = await run(['invites', 'create'], 'full', env);
    expect(shown.code).to.equal(1);
    expect(shown.stderr)
      .to.match(
        /signup\?invite=fmi_.*Invite \d+ was made: its link is above\..*fluentmeet invites revoke \d+/s,
      )
      .and.not.contain('lost');
    const json = await run(['invites', 'create', '--json'], 'full', env);
    expect(json.stderr)
      .to.match(/its token is lost/)
      .and.not.contain('fmi_');
  });

  it('leaves what was to be done done', async () => {
    expect(await query(database.url, 'select from invites')).to.have.lengthOf(4);
  });
});
