import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { importUsers } from '../../src/seed/import-users.js';
import { readImport } from '../../src/seed/read-import.js';
import { runCli } from '../cli/run-cli.js';
import { djangoHashes, madeByDjango } from '../users/django-hashes.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

const hash = bcrypt.hashSync('a quiet lighthouse keeper', 4);

describe('readImport', () => {
  it('reads both formats alike, in canonical form', () => {
    const csv = `email,full_name,hashed_password,is_verified\r\n ADA@Example.com,"Lovelace, ""Ada""",${hash},true\r\n\r\ngrace@example.com,,${hash.replace('$2b$', '$2y$')},`;
    const { users, faults } = readImport(csv, 'csv');
    expect(faults).to.deep.equal([]);
    expect(users).to.deep.equal([
      {
        email: 'ada@example.com',
        full_name: 'Lovelace, "Ada"',
        hashed_password: hash,
        speaking_language: 'en',
        listening_language: 'en',
        is_verified: true,
      },
      {
        email: 'grace@example.com',
        full_name: null,
        hashed_password: hash.replace('$2b$', '$2y$'),
        speaking_language: 'en',
        listening_language: 'en',
        is_verified: false,
      },
    ]);
    const jsonl = users.map((user) => JSON.stringify(user)).join('\n');
    expect(readImport(jsonl, 'jsonl')).to.deep.equal({ users, faults: [], foreign: 0, ignored: [] });
  });

  it('counts the hashes that only the host reads', () => {
    const lines = [madeByDjango.pbkdf2, hash, madeByDjango.scrypt].map((hashed_password, index) =>
      JSON.stringify({ email: `user${index}@example.com`, hashed_password }),
    );
    const read = readImport(lines.join('\n'), 'jsonl', djangoHashes);
    expect(read.faults).to.deep.equal([]);
    expect(read.foreign).to.equal(2);
    expect(readImport(lines.join('\n'), 'jsonl').faults.map(({ line }) => line)).to.deep.equal([1, 3]);
  });

  it('finds every fault of every line, by its number', () => {
    const lines = [
      { email: 'ada@example.com', hashed_password: hash },
      { email: 'nobody', hashed_password: 'plain', full_name: 'http://evil.example', is_verified: 'perhaps' },
      'not json',
      '',
      { email: 'ADA@example.com', hashed_password: hash },
      { email: 'bob@example.com', hashed_password: hash, full_name: 7, listening_language: {} },
      { email: 'eve@example.com', hashed_password: hash.replace('$04$', '$16$'), speaking_language: 'xx' },
    ];
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const { users, faults } = readImport(text, 'jsonl');
    expect(users).to.have.lengthOf(1);
    expect(faults.map(({ line, field }) => `${line} ${field}`)).to.deep.equal([
      '2 email',
      '2 hashed_password',
      '2 full_name',
      '2 is_verified',
      '3 ',
      '5 email',
      '6 full_name',
      '6 listening_language',
      '7 hashed_password',
      '7 speaking_language',
    ]);
  });

  it('takes a boolean as databases and spreadsheets write it', () => {
    const csv = ['true', 't', '1', 'TRUE', 'false', 'f', '0', 'FALSE', '', 'yes']
      .map((verified, index) => `user${index}@example.com,${hash},${verified}`)
      .join('\n');
    const { users, faults } = readImport(`email,hashed_password,is_verified\n${csv}`, 'csv');
    expect(users.map((user) => user.is_verified)).to.deep.equal([
      ...Array.from({ length: 4 }, () => true),
      ...Array.from({ length: 5 }, () => false),
    ]);
    expect(faults.map(({ line, code }) => [line, code])).to.deep.equal([[11, 'VERIFIED_NOT_BOOLEAN']]);
    const { users: numbers } = readImport(
      JSON.stringify({ email: 'a@example.com', hashed_password: hash, is_verified: 1 }),
      'jsonl',
    );
    expect(numbers[0]?.is_verified).to.equal(true);
  });

  it('names the line that has an address first, and the columns that it leaves out', () => {
    const csv = `id,email,hashed_password,fullname\n7,ada@example.com,${hash},Ada\n8,bob@example.com,${hash},Bob\n9,ADA@example.com,${hash},Ada`;
    const { users, faults, ignored } = readImport(csv, 'csv');
    expect(users).to.have.lengthOf(2);
    expect(faults).to.deep.equal([{ line: 4, field: 'email', code: 'EMAIL_TWICE', earlier: 2 }]);
    expect(ignored).to.deep.equal(['id', 'fullname']);
  });

  it('says once that the first line does not name the columns', () => {
    for (const header of ['email,encrypted_password', 'email;hashed_password', `ada@example.com,${hash}`]) {
      const { users, faults } = readImport(
        `${header}\nada@example.com,${hash}\nbob@example.com,${hash}`,
        'csv',
      );
      expect(users, header).to.deep.equal([]);
      expect(faults, header).to.deep.equal([{ line: 1, field: '', code: 'COLUMNS_MISSING' }]);
    }
  });

  it('counts lines over a break in quotes', () => {
    const csv = `email,hashed_password\n"a\nb",${hash}\nx,${hash}`;
    expect(readImport(csv, 'csv').faults.map(({ line }) => line)).to.deep.equal([2, 4]);
  });
});

describe('fluentmeet users import', () => {
  let instance: TestInstance & { url: string };
  let cwd: string;
  before(async () => {
    instance = await createMigratedInstance();
    cwd = await mkdtemp(path.join(tmpdir(), 'import-'));
  });
  after(async () => {
    await instance.stop();
    await rm(cwd, { recursive: true });
  });
  beforeEach(() => instance.query('truncate users cascade'));

  const count = async () => (await instance.query('select from users')).length;
  const run = (...args: string[]) =>
    runCli(['users', 'import', ...args, '--json'], { cwd, env: { DATABASE_URL: instance.url } });

  it('imports all or nothing, or leaves out what it cannot, and twice is once', async () => {
    const good = JSON.stringify({ email: 'ada@example.com', hashed_password: hash, is_verified: true });
    await writeFile(path.join(cwd, 'users.jsonl'), `${good}\n{"email":"bad"}\n`);
    const refused = await run('users.jsonl');
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.contain('line 2, email').and.not.contain(hash);
    expect(await count()).to.equal(0);
    const expected = { imported: 1, known: 0, invalid: 1, valid: 1, dry_run: false };
    expect((await run('users.jsonl', '--skip-invalid')).json()).to.deep.equal(expected);
    expect((await run('users.jsonl', '--skip-invalid')).json()).to.deep.equal({
      ...expected,
      imported: 0,
      known: 1,
    });
    expect(await instance.query('select from email_outbox')).to.deep.equal([]);
    const client = { client: '192.0.2.1' };
    const { fluentmeet } = instance;
    const account = await fluentmeet.checkPassword('ada@example.com', 'a quiet lighthouse keeper', client);
    expect(account).to.include({ is_verified: true });
  });

  it("stores hashes of another format only where the host's verifier reads them", async () => {
    const django = { email: 'ada@example.com', hashed_password: madeByDjango.pbkdf2, is_verified: true };
    const unusable = { email: 'bob@example.com', hashed_password: '!unusable' };
    await writeFile(
      path.join(cwd, 'django.jsonl'),
      [django, unusable].map((user) => JSON.stringify(user)).join('\n'),
    );
    await writeFile(
      path.join(cwd, 'host.mjs'),
      `export default { foreignHashes: { reads: (hash) => hash.startsWith('pbkdf2_sha256$'), verify: () => false } };`,
    );
    const refused = await run('django.jsonl');
    expect(refused.code).to.equal(2);
    expect(refused.stderr)
      .to.contain('line 1, hashed_password')
      .and.contain('foreignHashes, in the module that --config names')
      .and.not.contain('aVerySalty');
    const half = await runCli(['users', 'import', 'django.jsonl', '--config', 'host.mjs'], {
      cwd,
      env: { DATABASE_URL: instance.url },
    });
    expect(half.code).to.equal(2);
    expect(half.stderr).to.contain('line 2, hashed_password').and.contain('nor does foreignHashes read it');
    expect(half.stderr).not.to.contain('line 1');
    expect(await count()).to.equal(0);
    const taken = await runCli(
      ['users', 'import', 'django.jsonl', '--config', 'host.mjs', '--skip-invalid'],
      {
        cwd,
        env: { DATABASE_URL: instance.url },
      },
    );
    expect(taken.code).to.equal(0);
    expect(taken.stderr).to.contain('Of 1 user only foreignHashes reads the hash');
    const [row] = await instance.query<{ hashed_password: string }>('select hashed_password from users');
    expect(row!.hashed_password).to.equal(madeByDjango.pbkdf2);
  });

  it('refuses a file of other columns or of another encoding as a whole, and repeats nothing of it', async () => {
    await writeFile(path.join(cwd, 'other.csv'), `email;hashed_password\nada@example.com;${hash}\n`);
    const other = await run('other.csv', '--skip-invalid');
    expect(other.code).to.equal(2);
    expect(other.stderr)
      .to.contain('does not name the columns')
      .and.not.contain('ada@')
      .and.not.contain(hash);
    const text = `email,hashed_password,full_name\nada@example.com,${hash},Ada\njose@example.com,${hash},José\n`;
    await writeFile(path.join(cwd, 'latin.csv'), text, 'latin1');
    const latin = await run('latin.csv');
    expect(latin.code).to.equal(2);
    expect(latin.stderr).to.contain('not in UTF-8: line 3').and.contain('iconv');
    await writeFile(path.join(cwd, 'more.csv'), text.replace('full_name', 'name'));
    const more = await run('more.csv', '--dry-run');
    expect(more.stderr).to.contain('no columns of ours: name');
    expect(await count()).to.equal(0);
  });

  it('says what a line is where it was given an array', async () => {
    await writeFile(
      path.join(cwd, 'array.jsonl'),
      `[\n{"email":"ada@example.com","hashed_password":"${hash}"}\n]`,
    );
    const array = await run('array.jsonl');
    expect(array.code).to.equal(2);
    expect(array.stderr)
      .to.match(/line 1: .*each is one JSON object/)
      .and.match(/line 3: /);
  });

  it('names the first faults on a terminal, and all in a file', async () => {
    await writeFile(path.join(cwd, 'bad.csv'), `email,hashed_password\n${'nobody,\n'.repeat(30)}`);
    const options = { cwd, env: { DATABASE_URL: instance.url } };
    const piped = await runCli(['users', 'import', 'bad.csv', '--dry-run'], options);
    expect(piped.stderr.match(/line \d+, email/g)).to.have.lengthOf(30);
    const shown = await runCli(['users', 'import', 'bad.csv', '--dry-run'], {
      ...options,
      terminal: { stderr: true },
    });
    expect(shown.stderr).to.contain('and 40 more; for all of them: 2> faults.txt');
  });

  it('says that the verifier failed, and imports nothing', async () => {
    await writeFile(
      path.join(cwd, 'one.jsonl'),
      JSON.stringify({ email: 'a@example.com', hashed_password: 'md5$geheim' }),
    );
    await writeFile(
      path.join(cwd, 'broken.mjs'),
      'export default { foreignHashes: { reads(hash) { throw new Error(hash); }, verify: () => false } };',
    );
    await writeFile(path.join(cwd, 'wrong.mjs'), 'export default { foreignHashes: () => true };');
    const failed = await run('one.jsonl', '--config', 'broken.mjs');
    expect(failed.code).to.equal(1);
    expect(failed.stderr).to.contain('foreignHashes.reads failed (Error)').and.not.contain('geheim');
    const wrong = await run('one.jsonl', '--config', 'wrong.mjs');
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.contain('foreignHashes: must be a verifier of hashes, with reads, verify');
  });

  it('writes nothing where it is ended in the middle', async () => {
    const users = readImport(
      Array.from({ length: 2_500 }, (_, index) =>
        JSON.stringify({ email: `user${index}@example.com`, hashed_password: hash }),
      ).join('\n'),
      'jsonl',
    ).users;
    const ending = new AbortController();
    const importing = importUsers(instance.context, users, {
      signal: ending.signal,
      onProgress: () => ending.abort(),
    });
    expect(await importing.catch((error: Error) => error.name)).to.equal('AbortError');
    expect(await count()).to.equal(0);
    expect(await importUsers(instance.context, users)).to.deep.equal({ imported: 2_500, known: 0 });
  });
});
