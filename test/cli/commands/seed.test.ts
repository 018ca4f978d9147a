import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { runPrompted } from '../prompted.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';

interface Seeded {
  created: number;
  existing: number;
  password: string | null;
  credentials_file: string | null;
  users: { email: string; is_verified: boolean }[];
}

describe('fluentmeet seed', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  let cwd: string;
  before(async () => {
    database = await createDatabase();
    env = { DATABASE_URL: database.url, FLUENTMEET_BCRYPT_COST: '4' };
    await runCli(['migrate', 'up'], { env });
    cwd = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-seed-'));
  });
  after(async () => {
    await database.drop();
    await rm(cwd, { recursive: true });
  });
  beforeEach(() => query(database.url, 'truncate users cascade'));

  const hashOf = async (email: string): Promise<string> =>
    (
      await query<{ hashed_password: string }>(
        database.url,
        'select hashed_password from users where email = $1',
        [email],
      )
    )[0]!.hashed_password;

  it('hands out credentials that work, as JSON', async () => {
    const run = await runCli(['seed', '--count', '5', '--verified', '100%', '--json'], { env });
    const { created, existing, password, users } = run.json<Seeded>();
    expect({ created, existing }).to.deep.equal({ created: 5, existing: 0 });
    expect(users).to.have.lengthOf(5);
    expect(users.every(({ is_verified }) => is_verified)).to.equal(true);
    expect(await bcrypt.compare(password!, await hashOf(users[0]!.email))).to.equal(true);
  });

  it('says on a second run that those who were there keep their password, and hands none out', async () => {
    await runCli(['seed', '--count', '5', '--password-stdin'], { env, stdin: 'the first password\n' });
    const { stdout, stderr, code } = await runCli(['seed', '--count', '5', '--password-stdin'], {
      env,
      stdin: 'the second one\n',
    });
    expect(code).to.equal(0);
    expect(stderr).to.contain('5 were there before and stay as they are, with the password they had');
    expect(stdout).to.contain('Created\t0').and.not.contain('the second one');
  });

  it('writes a file that only its owner can read, and does not print the password then', async () => {
    const { stdout } = await runCli(['seed', '--count', '3', '--credentials', 'users.json'], { env, cwd });
    const file = path.join(cwd, 'users.json');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    const written = JSON.parse(await readFile(file, 'utf8')) as Seeded;
    expect(written.users).to.have.lengthOf(3);
    expect(stdout).to.contain(file).and.not.contain(written.password);
    expect(await readdir(cwd)).to.deep.equal(['users.json']);
  });

  it('refuses --overwrite without a file', async () => {
    const { code, stderr } = await runCli(['seed', '--overwrite'], { env: {} });
    expect(code).to.equal(2);
    expect(stderr).to.contain('--overwrite goes with --credentials alone');
  });

  it('replaces a file with --overwrite alone, and makes it private then', async () => {
    const file = path.join(cwd, 'old.json');
    await writeFile(file, 'precious');
    await chmod(file, 0o644);
    const refused = await runCli(['seed', '--count', '3', '--credentials', 'old.json'], { env, cwd });
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain('--overwrite');
    expect(await readFile(file, 'utf8')).to.equal('precious');
    expect(await query(database.url, 'select from users')).to.deep.equal([]);
    const { code } = await runCli(['seed', '--count', '3', '--credentials', 'old.json', '--overwrite'], {
      env,
      cwd,
    });
    expect(code).to.equal(0);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
  });

  it('inserts nobody when their password could not be written down', async () => {
    const { code, stderr } = await runCli(['seed', '--credentials', 'no/such/folder.json'], { env, cwd });
    expect(code).to.equal(1);
    expect(stderr).to.contain('cannot be written (ENOENT)');
    expect(await query(database.url, 'select from users')).to.deep.equal([]);
  });

  it('asks for the password twice, unseen', async () => {
    const prompted = await runPrompted(['seed', '--count', '2', '--ask-password', '--json'], env);
    await prompted.see('Password of all of them');
    prompted.type('a shared password');
    prompted.keypress('enter');
    await prompted.see('again');
    prompted.type('a shared password');
    prompted.keypress('enter');
    expect(await prompted.code).to.equal(0);
    expect(prompted.screen()).not.to.contain('a shared password');
    expect((JSON.parse(prompted.stdout.text) as Seeded).password).to.equal('a shared password');
  });
});
