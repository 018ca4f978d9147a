import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { isRequired, skipFor } from '../support/skip.js';

const run = promisify(execFile);

/** A line of a server's log, as createServerLogger writes it. */
const logged = (time: string, event: string, data: object) =>
  JSON.stringify({ level: 'info', time: `2026-03-${time}:00.000Z`, event, ...data, msg: '…' });

/** Another program's line between ours, and a cut one. */
const noise = ['Listening on port 3000', '{"level":"info","time":'];

/** What an operator pipes together at night: the blocks as they stand, with a `fluentmeet` that writes down how it was called. */
describe('the scripts of docs/operations.md', () => {
  let blocks: string[];
  let folder: string;
  before(async function () {
    const jq = await run('jq', ['--version']).catch(() => undefined);
    if (!jq) {
      if (isRequired()) throw new Error('jq is not installed');
      skipFor(this, 'jq is not installed');
    }
    const text = await readFile('docs/operations.md', 'utf8');
    blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code = '']) => code);
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-scripts-'));
    await write('fluentmeet', [
      '#!/bin/sh',
      'echo "$*" >> calls.txt',
      'case "$*" in *--json*) cat answer.json ;; esac',
    ]);
    await write('kafka-console-consumer.sh', ['#!/bin/sh', 'cat topic.txt']);
    for (const program of ['fluentmeet', 'kafka-console-consumer.sh'])
      await chmod(path.join(folder, program), 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = (name: string, lines: readonly string[]) =>
    writeFile(path.join(folder, name), `${lines.join('\n')}\n`);

  /** Runs the one block that has these words. Resolves with its output and the calls of `fluentmeet`. */
  async function play(words: string): Promise<{ stdout: string; calls: string[] }> {
    const [block = '', ...others] = blocks.filter((code) => code.includes(words));
    expect(others, words).to.deep.equal([]);
    const PATH = `${folder}:${process.env['PATH']}`;
    const { stdout, stderr } = await run('sh', ['-c', block], { cwd: folder, env: { ...process.env, PATH } });
    expect(stderr).to.equal('');
    const calls = await readFile(path.join(folder, 'calls.txt'), 'utf8').catch(() => '');
    return { stdout, calls: calls.split('\n').filter(Boolean) };
  }

  it('counts what waits, and once each mail of a night', async () => {
    const emails = [{ status: 'pending' }, { status: 'dead' }, { status: 'pending' }];
    await write('answer.json', [JSON.stringify({ emails, next: null })]);
    await write('mailer.log', [
      ...noise,
      logged('14T21:59', 'mailer.sent', { eventId: 'before' }),
      logged('14T22:00', 'mailer.sent', { eventId: 'one' }),
      logged('14T23:00', 'mailer.sent', { eventId: 'one' }),
      logged('15T04:59', 'mailer.sent', { eventId: 'two' }),
      logged('15T05:00', 'mailer.sent', { eventId: 'after' }),
    ]);
    const { stdout } = await play('wc -l');
    const [counts = '', arrived] = stdout.trim().split(/(?<=\})\n/);
    expect(JSON.parse(counts)).to.deep.equal({ pending: 2, dead: 1 });
    expect(Number(arrived)).to.equal(2);
  });

  it('finds what was published and never sent, and what would go out again', async () => {
    const emails = ['b', 'a', 'c'].map((event_id) => ({ event_id }));
    const messages = ['back', 'unwanted', 'back'].map((status) => ({ status }));
    await write('answer.json', [JSON.stringify({ emails, next: null, messages })]);
    await write('dead.txt', ['--event-id b']);
    await write('mailer.log', [
      ...noise,
      logged('14T22:00', 'mailer.sent', { eventId: 'c' }),
      logged('14T23:00', 'mailer.sent', { eventId: 'c' }),
      logged('14T23:00', 'mailer.dead', { eventId: 'b' }),
      logged('14T23:00', 'mailer.sent', { eventId: 'of another day' }),
    ]);
    const { stdout, calls } = await play('published.txt');
    expect(stdout).to.equal('a\nb\n{"back":2,"unwanted":1}\n');
    expect(calls[1]).to.equal('emails replay --dry-run --json --event-id b');
  });

  it('brings back what one answer of the server ended, by the log', async () => {
    await write('mailer.log', [
      ...noise,
      logged('14T23:00', 'mailer.dead', { eventId: 'a', detail: '550 5.7.1 not now' }),
      logged('14T23:00', 'mailer.dead', { eventId: 'b', reason: 'expired' }),
      logged('16T23:00', 'mailer.dead', { eventId: 'c', detail: '550 5.7.1 not now' }),
    ]);
    const { calls } = await play('"mailer.dead"');
    expect(calls).to.deep.equal(['emails replay --dry-run --event-id a', 'emails replay --event-id a']);
  });

  it('finds the same by the topic', async () => {
    const headers = (id: string, reason: string, at: string) =>
      `event-id:${id},language:en,reason:${reason},attempt:1,failed-at:2026-03-${at}:00.000Z`;
    await write('topic.txt', [
      headers('a', 'refused', '14T23:00'),
      headers('b', 'expired', '14T23:00'),
      headers('c', 'refused', '15T05:00'),
    ]);
    await play('kafka-console-consumer.sh');
    expect(await readFile(path.join(folder, 'dead.txt'), 'utf8')).to.equal('--event-id a\n');
  });

  it('erases whose mails are held for a domain, each once', async () => {
    const emails = [
      { template: 'verification', user_id: 7 },
      { template: 'verification', user_id: 7 },
      { template: 'account-exists', user_id: 8 },
    ];
    await write('answer.json', [JSON.stringify({ emails, next: null })]);
    const { calls } = await play('[.emails[]');
    expect(calls.slice(1)).to.deep.equal(['users erase 7 --yes']);
  });

  it('erases the accounts that flood one mailbox', async () => {
    const users = [
      { id: 3, email: 'owner+1@example.com' },
      { id: 4, email: 'somebody@example.com' },
    ];
    await write('answer.json', [JSON.stringify({ users, next: null })]);
    const { calls } = await play('owner+');
    expect(calls.slice(1)).to.deep.equal([
      'users erase 3 --yes',
      'emails replay --status held --email owner@example.com',
    ]);
  });

  it('does again what was done since a backup', async () => {
    await write('serve.log', [
      ...noise,
      logged('14T02:59', 'user.verified', { userId: 1 }),
      logged('14T03:00', 'user.verified', { userId: 2 }),
      logged('14T04:00', 'user.disowned', { userId: 3 }),
      logged('14T02:00', 'operator.user-erased', { userId: 8, accounts: 1 }),
      logged('14T04:00', 'operator.user-erased', { userId: 9, accounts: 1 }),
      logged('14T04:00', 'operator.user-erased', { userId: null, accounts: 0 }),
    ]);
    await write('operators.log', [
      'info  Erased operator.user-erased userId=4 accounts=1 by=alice at=2026-03-14T02:00:00.000Z',
      'info  Erased operator.user-erased userId=5 accounts=1 by=alice at=2026-03-14T05:00:00.000Z',
      'info  Verified operator.user-verified userId=6 by=alice at=2026-03-14T05:00:00.000Z',
      'info  Deactivated operator.user-deactivated userId=7 by=alice at=2026-03-14T05:00:00.000Z',
    ]);
    const { calls } = await play('user.disowned');
    expect(calls).to.deep.equal([
      'users erase 3 --yes',
      'users erase 9 --yes',
      'users erase 5 --yes',
      'users verify 2',
      'users verify 6',
      'users deactivate 7 --yes',
    ]);
  });
});
