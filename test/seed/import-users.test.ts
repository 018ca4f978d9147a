import { constants } from 'node:buffer';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { main } from '../../src/cli/main.js';
import { importUsers } from '../../src/seed/import-users.js';
import { readImport } from '../../src/seed/read-import.js';
import { createIo, runCli } from '../cli/run-cli.js';
import { madeByDjango } from '../passwords/django-hashes.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';
import { createDatabase } from '../support/postgres.js';

const hash = bcrypt.hashSync('a quiet lighthouse keeper', 4);

const md5 = `export default { foreignHashes: { reads: (hash) => hash.startsWith('md5$'), verify: () => false } };`;

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
    const [fault] = refused.json<{ faults: { message: string }[] }>().faults;
    expect(fault).to.include({ line: 2, field: 'email', code: 'EMAIL_WITHOUT_AT' });
    expect(fault?.message).to.be.a('string');
    const faults = refused.json<{ faults: object[] }>().faults;
    const none = { unverified: 0, unverified_lines: [] };
    const expected = {
      imported: 1,
      verified: 1,
      known: 0,
      ...none,
      lines: 2,
      valid: 1,
      invalid: 1,
      dry_run: false,
      faults,
    };
    expect((await run('users.jsonl', '--skip-invalid')).json()).to.deep.equal(expected);
    expect((await run('users.jsonl', '--skip-invalid')).json()).to.deep.equal({
      ...expected,
      imported: 0,
      verified: 0,
      known: 1,
    });
    expect(await instance.query('select from email_outbox')).to.deep.equal([]);
    const client = { client: '192.0.2.1' };
    const { fluentmeet } = instance;
    const account = await fluentmeet.checkPassword('ada@example.com', 'a quiet lighthouse keeper', client);
    expect(account).to.include({ is_verified: true });
  });

  it('leaves who was banned without a log-in', async () => {
    const banned = { email: 'bob@example.com', hashed_password: hash, is_active: false, is_verified: true };
    await writeFile(path.join(cwd, 'banned.jsonl'), JSON.stringify(banned));
    expect((await run('banned.jsonl')).json()).to.include({ imported: 1 });
    const client = { client: '192.0.2.1' };
    const { fluentmeet } = instance;
    expect(await fluentmeet.checkPassword('bob@example.com', 'a quiet lighthouse keeper', client)).to.equal(
      null,
    );
    expect(await instance.query('select is_active from users')).to.deep.equal([{ is_active: false }]);
  });

  it('says beforehand who is known already, and writes nothing', async () => {
    const person = (id: number) =>
      JSON.stringify({ email: `user${id}@example.com`, hashed_password: `md5$${id}`, is_verified: true });
    await writeFile(path.join(cwd, 'md5.mjs'), md5);
    await writeFile(path.join(cwd, 'first.jsonl'), person(1_200));
    await writeFile(
      path.join(cwd, 'more.jsonl'),
      Array.from({ length: 1_201 }, (_, id) => person(id)).join('\n'),
    );
    await run('first.jsonl', '--config', 'md5.mjs');
    const asked = await run('more.jsonl', '--config', 'md5.mjs', '--dry-run');
    expect(asked.json()).to.include({ imported: 0, known: 1, valid: 1_201, dry_run: true });
    const options = { cwd, env: { DATABASE_URL: instance.url } };
    const inWords = await runCli(
      ['users', 'import', 'more.jsonl', '--config', 'md5.mjs', '--dry-run'],
      options,
    );
    expect(inWords.stdout).to.equal('1201 lines read: 1200 users can be imported, 1200 of them verified.\n');
    expect(inWords.stderr).to.contain('1 had an account already').and.contain('Of 1200 users only');
    expect(await count()).to.equal(1);
    await run('more.jsonl', '--config', 'md5.mjs');
    const again = await runCli(['users', 'import', 'more.jsonl', '--config', 'md5.mjs'], options);
    expect(again.stdout).to.equal('1201 lines read: 0 users imported.\n');
    expect(again.stderr).not.to.contain('foreignHashes');
    const env = { DATABASE_URL: instance.url, FLUENTMEET_DATABASE_SCHEMA: 'elsewhere' };
    const bare = await runCli(['users', 'import', 'more.jsonl', '--config', 'md5.mjs', '--dry-run'], {
      cwd,
      env,
    });
    expect(bare.code).to.equal(1);
    expect(bare.stderr).to.contain('the database has not all the tables');
  });

  it('says of a database without the migrations what every command says, also where it would write nothing', async () => {
    await writeFile(
      path.join(cwd, 'early.jsonl'),
      JSON.stringify({ email: 'ada@example.com', hashed_password: hash }),
    );
    const bare = await createDatabase();
    try {
      for (const flags of [['--dry-run'], []]) {
        const env = { DATABASE_URL: bare.url };
        const early = await runCli(['users', 'import', 'early.jsonl', ...flags], { cwd, env });
        expect(early.code).to.equal(1);
        expect(early.stderr)
          .to.contain('the database has not all the tables')
          .and.contain('fluentmeet migrate up');
      }
    } finally {
      await bare.drop();
    }
  });

  it('counts who comes as verified, among those who come', async () => {
    const people = Array.from({ length: 5 }, (_, id) => ({
      email: `user${id}@example.com`,
      hashed_password: hash,
      is_verified: id > 1,
    }));
    await writeFile(path.join(cwd, 'known.jsonl'), JSON.stringify(people[4]));
    await writeFile(path.join(cwd, 'some.jsonl'), people.map((user) => JSON.stringify(user)).join('\n'));
    await run('known.jsonl');
    expect((await run('some.jsonl', '--dry-run')).json()).to.include({ imported: 0, verified: 2 });
    expect((await run('some.jsonl')).json()).to.include({ imported: 4, verified: 2, known: 1 });
  });

  it('says how to write that there is no name', async () => {
    await writeFile(
      path.join(cwd, 'null.csv'),
      `email,hashed_password,full_name\nada@example.com,${hash},NULL\n`,
    );
    const { code, stderr } = await run('null.csv', '--dry-run');
    expect(code).to.equal(2);
    expect(stderr).to.contain('line 2, full_name: Is a word for no value').and.contain('leave it empty');
  });

  it('names the accounts that somebody signed up before their owner came, and brings the owner in once they are gone', async () => {
    const { fluentmeet } = instance;
    const client = { client: '192.0.2.1' };
    const signedUp = (email: string) =>
      fluentmeet.signUp({ email, password: 'the password of a stranger' }, client);
    const verified = (id: number) => ({
      email: `owner${id}@example.com`,
      hashed_password: hash,
      is_verified: true,
    });
    const owners = Array.from({ length: 14 }, (_, id) => verified(id));
    // Line 1 is new; line 2 verified here as well; line 3 banned here; lines 4 to 14 a stranger's; line 15 proved nowhere.
    for (const { email } of owners.slice(1)) await signedUp(email);
    await signedUp('proved-nowhere@example.com');
    await instance.query('update users set is_verified = true where email = $1', [owners[1]!.email]);
    await instance.query('update users set is_active = false where email = $1', [owners[2]!.email]);
    const lines = [...owners, { email: 'proved-nowhere@example.com', hashed_password: hash }];
    await writeFile(path.join(cwd, 'live.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));

    const unverified_lines = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
    const asked = await run('live.jsonl', '--dry-run');
    expect(asked.json()).to.deep.include({ imported: 0, known: 14, unverified: 11, unverified_lines });
    const imported = await run('live.jsonl');
    expect(imported.code).to.equal(0);
    expect(imported.json()).to.deep.include({ imported: 1, known: 14, unverified: 11, unverified_lines });
    for (const { stderr } of [asked, imported]) {
      expect(stderr)
        .to.contain('nobody verified (lines 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 and 1 more)')
        .and.contain('fluentmeet users erase')
        .and.not.contain('@example.com');
    }
    const enters = async (password: string) =>
      (await fluentmeet.checkPassword(owners[3]!.email, password, client)) !== null;
    expect(await enters('a quiet lighthouse keeper')).to.equal(false);

    await instance.query('delete from users where email = any($1)', [
      owners.slice(3).map(({ email }) => email),
    ]);
    const again = await run('live.jsonl');
    expect(again.json()).to.deep.include({ imported: 11, known: 4, unverified: 0, unverified_lines: [] });
    expect(again.stderr).not.to.contain('stranger');
    expect(await enters('a quiet lighthouse keeper')).to.equal(true);
    expect(await enters('the password of a stranger')).to.equal(false);
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
      .to.contain('does not name the columns email and hashed_password')
      .and.not.contain('ada@')
      .and.not.contain(hash);
    await writeFile(path.join(cwd, 'devise.csv'), `email,encrypted_password\nada@example.com,${hash}\n`);
    expect((await run('devise.csv')).stderr).to.contain('does not name the column hashed_password\n');
    const text = `email,hashed_password,full_name\nada@example.com,${hash},Ada\njose@example.com,${hash},José\n`;
    await writeFile(path.join(cwd, 'latin.csv'), text, 'latin1');
    const latin = await run('latin.csv');
    expect(latin.code).to.equal(2);
    expect(latin.stderr).to.contain('not in UTF-8: line 3').and.contain('iconv');
    expect(latin.stderr).to.contain('-f WINDOWS-1252');
    const utf16 = {
      'UTF-16': Buffer.from(`\uFEFF${text}`, 'utf16le'),
      'UTF-16LE': Buffer.from(text, 'utf16le'),
      'UTF-16BE': Buffer.from(text, 'utf16le').swap16(),
    };
    for (const [encoding, bytes] of Object.entries(utf16)) {
      await writeFile(path.join(cwd, 'excel.csv'), bytes);
      const excel = await run('excel.csv', '--skip-invalid');
      expect(excel.code, encoding).to.equal(2);
      expect(excel.stderr).to.contain('not in UTF-8 but UTF-16').and.contain(`iconv -f ${encoding} `);
    }
    await writeFile(path.join(cwd, 'excel.csv'), utf16['UTF-16'].swap16());
    expect((await run('excel.csv')).stderr).to.contain('iconv -f UTF-16 ');
    await writeFile(path.join(cwd, 'more.csv'), text.replace('full_name', 'name'));
    const more = await run('more.csv', '--dry-run');
    expect(more.stderr).to.contain('no columns of ours: name');
    // Also where a fault is all that was asked for: else it is learnt once everybody is imported without names.
    await writeFile(path.join(cwd, 'more.csv'), `${text.replace('full_name', 'name')}nobody,,\n`);
    const faulty = await run('more.csv', '--dry-run');
    expect(faulty.code).to.equal(2);
    expect(faulty.stderr).to.contain('no columns of ours: name');
    expect(await count()).to.equal(0);
  });

  it('fails where nobody would be left, and where a quote leaves nothing to skip', async () => {
    await writeFile(path.join(cwd, 'none.csv'), 'email,hashed_password\n');
    const none = await run('none.csv');
    expect(none.code).to.equal(2);
    expect(none.stderr).to.contain('the file has no users');
    await writeFile(path.join(cwd, 'all-bad.csv'), `email,hashed_password\n${'nobody,\n'.repeat(80)}`);
    const bad = await run('all-bad.csv', '--skip-invalid');
    expect(bad.code).to.equal(1);
    expect(bad.stderr).to.contain('80 lines of 81 cannot be').and.not.contain('--skip-invalid');
    const { faults, ...counts } = bad.json<{ faults: object[] }>();
    expect(counts).to.deep.equal({
      imported: 0,
      verified: 0,
      known: 0,
      unverified: 0,
      unverified_lines: [],
      lines: 81,
      valid: 0,
      invalid: 80,
      dry_run: false,
    });
    expect(faults).to.have.lengthOf(100);
    await writeFile(
      path.join(cwd, 'quote.csv'),
      `email,full_name,hashed_password\nada@example.com,Ada,${hash}\nbob@example.com,"B,${hash}\neve@example.com,Eve,${hash}\n`,
    );
    const quote = await run('quote.csv', '--skip-invalid');
    expect(quote.code).to.equal(2);
    expect(quote.stderr).to.contain('a quote opens in line 3').and.not.contain('bob@');
    expect(quote.json<{ faults: object[] }>().faults[0]).to.include({ line: 3, code: 'QUOTE_NOT_CLOSED' });
    expect(await count()).to.equal(0);
  });

  it('says how many lines it read, and which row goes over several', async () => {
    await writeFile(
      path.join(cwd, 'long.csv'),
      `email,hashed_password,note\nada@example.com,${hash},"a\nb\nc"\n`,
    );
    const long = await runCli(['users', 'import', 'long.csv'], {
      cwd,
      env: { DATABASE_URL: instance.url },
    });
    expect(long.stdout).to.equal(
      '4 lines read, the header among them: 1 user imported, 0 of them verified.\n',
    );
    expect(long.stderr).to.contain('Line 2 goes on to line 4');
  });

  it('refuses a file or a stdin that no string can hold, and says to split it', async () => {
    const advice = 'the file is larger than 512 MB\nSplit it';
    await writeFile(path.join(cwd, 'large.csv'), 'email,hashed_password\n');
    await truncate(path.join(cwd, 'large.csv'), constants.MAX_STRING_LENGTH + 1);
    const large = await run('large.csv');
    expect(large.code).to.equal(2);
    expect(large.stderr).to.contain(advice);

    const { io, stderr } = createIo({ cwd, env: { DATABASE_URL: instance.url } });
    const chunk = Buffer.alloc(2 ** 26, ' ');
    const stdin = Object.assign(Readable.from(Array.from({ length: 9 }, () => chunk)), { isTTY: false });
    const code = await main(['node', 'fluentmeet', 'users', 'import', '-', '--format', 'csv'], {
      ...io,
      stdin,
    });
    expect(code).to.equal(2);
    expect(stderr.text).to.contain(advice);
  });

  it('reads stdin, and a file of any name, once it is told the format', async () => {
    const stdin = `email,hashed_password\nada@example.com,${hash}\n`;
    const options = { cwd, env: { DATABASE_URL: instance.url }, stdin };
    const untold = await runCli(['users', 'import', '-'], options);
    expect(untold.code).to.equal(2);
    expect(untold.stderr).to.contain('--format csv');
    const piped = await runCli(['users', 'import', '-', '--format', 'csv'], options);
    expect(piped.stdout).to.equal(
      '2 lines read, the header among them: 1 user imported, 0 of them verified.\n',
    );
    await writeFile(path.join(cwd, 'users.txt'), stdin);
    expect((await run('users.txt', '--format', 'csv')).json()).to.include({ known: 1 });
  });

  it('says once that no line has the key of the hash', async () => {
    const lines = Array.from({ length: 5 }, (_, id) => `{"email":"user${id}@example.com","password":"x"}`);
    await writeFile(path.join(cwd, 'keys.jsonl'), lines.join('\n'));
    const keys = await run('keys.jsonl', '--skip-invalid');
    expect(keys.code).to.equal(2);
    expect(keys.stderr).to.contain('no line has the key hashed_password');
    expect(keys.stderr).not.to.contain('line 1');
  });

  it('says of a line with more values than names what makes them so many', async () => {
    await writeFile(
      path.join(cwd, 'commas.csv'),
      `email,hashed_password,full_name,is_verified\nada@example.com,${hash},Lovelace, Ada,true\nbob@example.com,${hash},Bob,2021-03-14 12:00:00+00\n`,
    );
    const { stderr } = await run('commas.csv');
    expect(stderr).to.match(/line 2: It has more values .* comma goes into quotes/);
    expect(stderr).to.contain('line 3, is_verified: Must be true or false, t or f, 1 or 0.');
  });

  it('says what a line is where it was given an array', async () => {
    await writeFile(
      path.join(cwd, 'array.jsonl'),
      `[\n{"email":"ada@example.com","hashed_password":"${hash}"}\n]`,
    );
    const array = await run('array.jsonl');
    expect(array.code).to.equal(2);
    expect(array.stderr)
      .to.match(/line 1: It is not one JSON object/)
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
    expect(wrong.stderr).to.contain('the module that --config').and.not.contain('.env');
  });

  it('writes nothing where it is ended, in the last chunk too', async () => {
    const users = readImport(
      Array.from({ length: 2_500 }, (_, index) =>
        JSON.stringify({ email: `user${index}@example.com`, hashed_password: hash }),
      ).join('\n'),
      'jsonl',
    ).users;
    for (const last of [1_000, 2_500]) {
      const ending = new AbortController();
      const importing = importUsers(instance.context, users, {
        signal: ending.signal,
        onProgress: (done) => done === last && ending.abort(),
      });
      expect(await importing.catch((error: Error) => error.name)).to.equal('AbortError');
      expect(await count()).to.equal(0);
    }
    expect(await importUsers(instance.context, users)).to.include({ imported: 2_500, known: 0 });
  });
});
