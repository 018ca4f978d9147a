import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { isRequired, skipFor } from '../support/skip.js';
import { query } from './query.js';
import { runCli } from './run-cli.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** In a real terminal: a tmux of the test's own, which nothing else shares. */
describe('fluentmeet register in a terminal', function () {
  this.timeout(120_000);
  const socket = `fluentmeet-test-${randomBytes(4).toString('hex')}`;
  const tmux = (...args: string[]) => run('tmux', ['-L', socket, '-f', '/dev/null', ...args]);
  const keys = (...names: string[]) => tmux('send-keys', ...names);
  const type = (text: string) => tmux('send-keys', '-l', text);
  let database: TestDatabase;

  before(async function () {
    try {
      await run('tmux', ['-V']);
    } catch (cause) {
      if (isRequired()) throw new Error('tmux is not installed', { cause });
      skipFor(this, 'no tmux: it is not installed');
    }
    database = await createDatabase();
    await runCli(['migrate', 'up'], { env: { DATABASE_URL: database.url } });
  });
  afterEach(async () => {
    await tmux('kill-server').catch(() => undefined);
    await query(database.url, 'truncate users cascade');
  });
  after(() => database?.drop());

  async function open(command: string, size: { columns: number; rows: number } = { columns: 80, rows: 24 }) {
    const env = {
      DATABASE_URL: database.url,
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: 's'.repeat(32),
      FLUENTMEET_BCRYPT_COST: '4',
    };
    const { CI: _ci, ...rest } = { ...process.env, ...env } as Record<string, string>;
    const set = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const shell = `${process.execPath} --import tsx bin/fluentmeet.ts ${command}; echo "code=$?"; exec cat`;
    await run(
      'tmux',
      [
        '-L',
        socket,
        '-f',
        '/dev/null',
        'new-session',
        '-d',
        '-x',
        String(size.columns),
        '-y',
        String(size.rows),
      ].concat(['-c', root, ...set, 'env', '-u', 'CI', 'sh', '-c', shell]),
      { env: rest },
    );
  }
  const screen = async (): Promise<string> => (await tmux('capture-pane', '-p')).stdout;
  async function see(text: string | RegExp): Promise<string> {
    const deadline = performance.now() + 60_000;
    for (;;) {
      const shown = await screen();
      if (typeof text === 'string' ? shown.includes(text) : text.test(shown)) return shown;
      if (performance.now() > deadline) throw new Error(`never seen: ${String(text)}\n${shown}`);
      await delay(50);
    }
  }

  it('masks the password, follows the arrow keys, and says what happens next', async () => {
    await open('register');
    await see('? Email address');
    await type('ada@example.com');
    await keys('Enter');
    await see('? Password');
    await type('MyStr0ngP@ss!');
    await see('? Password *************');
    // In later versions of inquirer Ctrl-T would show it.
    await keys('C-t', 'Enter');
    await see('? Password again');
    await type('MyStr0ngP@ss!');
    await keys('Enter');
    await see('? Full name');
    await type('Ada');
    await keys('Enter');
    await see('❯ English (en)');
    await keys('Down');
    await see('❯ Abkhazian (ab)');
    await keys('Up', 'Enter');
    await see('? Listens in');
    await type('french');
    await see('❯ French (fr)');
    await keys('Enter');
    const shown = await see('code=0');
    expect(shown).to.contain('a***@example.com').and.contain('pending').and.contain('fluentmeet relay');
    expect(shown).not.to.contain('MyStr0ng');
    const [user] = await query(
      database.url,
      'select email, speaking_language, listening_language from users',
    );
    expect(user).to.deep.equal({
      email: 'ada@example.com',
      speaking_language: 'en',
      listening_language: 'fr',
    });
  });

  it('ends with 130 on Ctrl-C in the midst of the password, and has written nothing', async () => {
    await open('register --email ada@example.com');
    await see('? Password');
    await type('MyStr0ng');
    await see('********');
    await keys('C-c');
    expect(await see('code=130')).not.to.contain('MyStr0ng');
    expect(await query(database.url, 'select from users')).to.have.length(0);
  });

  it('works in a narrow window', async () => {
    await open('register --email ada@example.com --name Ada --speaking en', { columns: 24, rows: 16 });
    for (const prompt of ['? Password', '? Password again']) {
      await see(prompt);
      await type('MyStr0ngP@ss!');
      await keys('Enter');
    }
    await see('? Listens in');
    await keys('Enter');
    await see('code=0');
    expect(await query(database.url, 'select from users')).to.have.length(1);
  });
});
