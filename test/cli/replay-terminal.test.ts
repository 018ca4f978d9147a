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

/** In a real terminal: a tmux of the test's own, narrow enough that errors do not fit. */
describe('fluentmeet emails replay in a terminal', function () {
  this.timeout(120_000);
  const socket = `fluentmeet-test-${randomBytes(4).toString('hex')}`;
  const tmux = (...args: string[]) => run('tmux', ['-L', socket, '-f', '/dev/null', ...args]);
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
  beforeEach(async () => {
    await query(database.url, 'truncate users restart identity cascade');
    await query(
      database.url,
      `with u as (
         insert into users (email, hashed_password) select 'person' || n || '@example.com', 'x' from generate_series(1, 3) n returning id
       )
       insert into email_outbox (id, event_id, user_id, template, status, attempts, last_error)
       select id, gen_random_uuid(), id, 'verification', 'dead', 10,
         'Kafka: MESSAGE_TOO_LARGE, the message is larger than the topic allows' || chr(27) || '[2J' from u`,
    );
  });
  afterEach(() => tmux('kill-server').catch(() => undefined));
  after(() => database?.drop());

  async function open(): Promise<void> {
    const shell = `${process.execPath} --import tsx bin/fluentmeet.ts emails replay; echo "code=$?"; exec cat`;
    const set = ['-e', `DATABASE_URL=${database.url}`];
    await tmux(
      'new-session',
      '-d',
      '-x',
      '60',
      '-y',
      '20',
      '-c',
      root,
      ...set,
      'env',
      '-u',
      'CI',
      'sh',
      '-c',
      shell,
    );
  }
  async function see(text: string): Promise<string> {
    const deadline = performance.now() + 60_000;
    for (;;) {
      const { stdout } = await tmux('capture-pane', '-p');
      if (stdout.includes(text)) return stdout;
      if (performance.now() > deadline) throw new Error(`never seen: ${text}\n${stdout}`);
      await delay(50);
    }
  }
  const statuses = async () =>
    (await query<{ status: string }>(database.url, 'select status from email_outbox order by id')).map(
      ({ status }) => status,
    );

  it('picks by the arrow keys, one line for each, and says what became of them', async () => {
    await open();
    const list = await see('3  p***@example.com');
    const lines = list.split('\n').filter((line) => line.includes('p***@example.com'));
    expect(lines).to.have.lengthOf(3);
    await tmux('send-keys', 'Down');
    await see('❯◯ 2');
    await tmux('send-keys', 'Space');
    await see('◉ 2');
    await tmux('send-keys', 'Enter');
    const end = await see('code=0');
    expect(end).to.contain('pending: 1').and.contain('Neither KAFKA_BROKERS nor SMTP_URL is set here');
    expect(await statuses()).to.deep.equal(['dead', 'pending', 'dead']);
  });

  it('changes nothing on Ctrl-C, and exits with 130', async () => {
    await open();
    await see('3  p***@example.com');
    await tmux('send-keys', 'Space');
    await tmux('send-keys', 'C-c');
    await see('code=130');
    expect(await statuses()).to.deep.equal(['dead', 'dead', 'dead']);
  });
});
