import { expect } from 'chai';
import { listedRegisterFields } from '../../../src/cli/commands/register-fields.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { runPrompted } from '../prompted.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';

const password = 'MyStr0ngP@ss!';

/** Left empty, so that nobody is asked for it: a field that the tests of prompts here do not know. */
const otherFields = listedRegisterFields
  .filter(([field]) => !['full_name', 'speaking_language', 'listening_language'].includes(field))
  .flatMap(([, { flag }]) => [`--${flag}`, '']);

interface Registered {
  user: Record<string, unknown>;
  email: { id: number; status: string; error: string | null };
}

describe('fluentmeet register', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  before(async () => {
    database = await createDatabase();
    env = {
      DATABASE_URL: database.url,
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: 's'.repeat(32),
      FLUENTMEET_BCRYPT_COST: '4',
    };
    await runCli(['migrate', 'up'], { env });
  });
  after(() => database.drop());
  afterEach(() => query(database.url, 'truncate users cascade'));

  const users = () => query<Record<string, unknown>>(database.url, 'select * from users order by id');

  it('registers by flags, without a terminal, and says what becomes of the email', async () => {
    const args = [
      '--email',
      ' Ada@Example.com ',
      '--name',
      'Ada Lovelace',
      '--listening',
      'FR-ca',
      '--password-stdin',
    ];
    const { code, stdout, stderr } = await runCli(['register', ...args], { env, stdin: `${password}\n` });
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /^Id\t\d+\nEmail\ta\*\*\*@example\.com\nName\tAda Lovelace\nSpeaks\ten\nListens in\tfr-CA\n/,
    );
    expect(stdout).to.contain('Verification email\tpending');
    expect(stderr)
      .to.contain('neither KAFKA_BROKERS nor SMTP_URL is set here')
      .and.contain('fluentmeet relay');
    expect(stdout + stderr).not.to.contain(password);
    const [user] = await users();
    expect(user).to.include({ email: 'ada@example.com', listening_language: 'fr-CA', is_verified: false });
    expect(user?.['hashed_password']).to.match(/^\$2b\$/);
  });

  it('accepts no terms in the place of the person, and users show says what was accepted', async () => {
    const asking = {
      ...env,
      FLUENTMEET_BRAND_TERMS_URL: 'https://acme.example/terms',
      FLUENTMEET_BRAND_TERMS_VERSION: '2026-03',
    };
    const args = ['register', '--email', 'grace@example.com', '--password-stdin'];
    expect((await runCli(args, { env: asking, stdin: password })).code).to.equal(0);
    const shown = async (...flags: string[]) =>
      runCli(['users', 'show', 'grace@example.com', ...flags], { env: asking });
    expect((await shown('--json')).json<object>()).to.include({
      terms_accepted_at: null,
      terms_version: null,
    });
    expect((await shown()).stdout).not.to.contain('Terms');
    await query(database.url, `update users set terms_accepted_at = now(), terms_version = '2026-03'`);
    expect((await shown('--json')).json<object>()).to.include({ terms_version: '2026-03' });
    expect((await shown()).stdout).to.match(/Terms accepted\t20.*\nTerms version\t2026-03/);
  });

  it('prints one JSON document, with the address in full only when told so', async () => {
    const args = ['register', '--email', 'ada@example.com', '--password-stdin', '--json'];
    const masked = await runCli(args, { env, stdin: password });
    expect(Object.keys(masked.json<Registered>().user)).to.have.members([
      'id',
      'email',
      'full_name',
      'speaking_language',
      'listening_language',
      'is_active',
      'is_verified',
      'created_at',
    ]);
    expect(masked.stdout).not.to.contain('ada@example.com');
    await query(database.url, 'truncate users cascade');
    const revealed = await runCli([...args, '--reveal'], { env, stdin: password });
    expect(revealed.json<Registered>().user['email']).to.equal('ada@example.com');
    expect(revealed.json<Registered>().email).to.include({ status: 'pending', error: null });
  });

  it('says that the email is held where its mailbox has had as many as it may, as its help has it', async () => {
    const statuses: unknown[] = [];
    for (let tag = 1; tag <= 6; tag += 1) {
      const args = ['register', '--email', `held+${tag}@example.com`, '--password-stdin', '--json'];
      statuses.push((await runCli(args, { env, stdin: password })).json<Registered>().email['status']);
    }
    expect(statuses).to.deep.equal([...Array.from({ length: 5 }, () => 'pending'), 'held']);
    expect((await runCli(['register', '--help'])).stdout).to.match(/"status": .*"held"/);
  });

  it('keeps the password byte for byte, less one line end', async () => {
    const { default: bcrypt } = await import('bcrypt');
    const kept = '  päss wörd \n';
    const run = await runCli(['register', '--email', 'a@example.com', '--password-stdin'], {
      env,
      stdin: `${kept}\n`,
    });
    expect(run.code).to.equal(0);
    const [user] = await users();
    expect(await bcrypt.compare(kept, user?.['hashed_password'] as string)).to.equal(true);
  });

  it('needs no invite, and is open where signup is closed', async () => {
    for (const mode of ['invite', 'closed']) {
      const args = ['register', '--email', `${mode}@example.com`, '--password-stdin'];
      const { code } = await runCli(args, { env: { ...env, FLUENTMEET_SIGNUP: mode }, stdin: password });
      expect(code, mode).to.equal(0);
    }
  });

  it('ends with 3 when the address is taken in any spelling', async () => {
    await runCli(['register', '--email', 'ada@example.com', '--password-stdin'], { env, stdin: password });
    const again = await runCli(['register', '--email', 'ADA@example.com', '--password-stdin'], {
      env,
      stdin: password,
    });
    expect(again).to.include({ code: 3, stdout: '' });
    expect(again.stderr).to.contain('already exists');
    expect(await users()).to.have.length(1);
  });

  it('ends with 2 and every fault of the flags at once, before it asks anything', async () => {
    const args = [
      'register',
      '--email',
      'nobody',
      '--name',
      'www.spam.example',
      '--speaking',
      'xx',
      '--listening',
      'en_US',
    ];
    const { code, stdout, stderr } = await runCli(args, { env });
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    for (const field of ['email', 'full_name', 'speaking_language', 'listening_language']) {
      expect(stderr).to.contain(`${field}: `);
    }
    const short = await runCli(['register', '--email', 'a@example.com', '--password-stdin'], {
      env,
      stdin: 'short',
    });
    expect(short.code).to.equal(2);
    expect(short.stderr).to.contain('password: Use at least 8 characters.').and.not.contain('short');
    expect(await users()).to.have.length(0);
  });

  it('ends with 2 and the names of the missing flags where nobody can be asked', async () => {
    const terminal = { stdin: true, stdout: true, stderr: true };
    const runs = [
      await runCli(['register'], { env }),
      await runCli(['register', '--no-input'], { env, terminal }),
      await runCli(['register'], { env: { ...env, CI: 'true' }, terminal }),
    ];
    for (const { code, stderr } of runs) {
      expect(code).to.equal(2);
      expect(stderr).to.contain('missing --email, --password-stdin');
    }
    expect(
      runs.map(({ stderr }) => /stdin is not a terminal|--no-input|CI is set/.exec(stderr)?.[0]),
    ).to.deep.equal(['stdin is not a terminal', '--no-input', 'CI is set']);
  });

  it('names all missing settings at once', async () => {
    const { code, stderr } = await runCli(['register'], { env: {} });
    expect(code).to.equal(2);
    for (const name of ['DATABASE_URL', 'FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'])
      expect(stderr).to.contain(name);
  });

  it('ends with 4 when the database is away, and with advice when it has no tables', async () => {
    const away = { ...env, DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/app' };
    const args = ['register', '--email', 'ada@example.com', '--password-stdin'];
    const run = await runCli(args, { env: away, stdin: password });
    expect(run.code).to.equal(4);
    expect(run.stderr).not.to.contain('hunter2');
    const empty = await createDatabase();
    const behind = await runCli(args, { env: { ...env, DATABASE_URL: empty.url }, stdin: password });
    expect(behind.code).to.equal(1);
    expect(behind.stderr).to.contain('fluentmeet migrate up');
    await empty.drop();
  });

  it('registers while Kafka is away, and says why the email is pending', async () => {
    const away = { ...env, KAFKA_BROKERS: '127.0.0.1:1' };
    const args = ['register', '--email', 'ada@example.com', '--password-stdin', '--json'];
    const { code, json, stderr } = await runCli(args, { env: away, stdin: password });
    expect(code).to.equal(0);
    expect(json<Registered>().email.status).to.equal('pending');
    expect(json<Registered>().email.error).to.contain('Kafka');
    void stderr;
    const [email] = await query(database.url, 'select status, lease_token, attempts from email_outbox');
    expect(email).to.deep.equal({ status: 'pending', lease_token: null, attempts: 0 });
  });

  it('asks for what is missing, by the same rules, and shows the password as asterisks', async () => {
    const run = await runPrompted(['register', '--listening', 'fr', ...otherFields], env);
    await run.see('Email address');
    run.type('nobody');
    run.keypress('enter');
    await run.see('An email address has an @');
    run.type('@example.com');
    run.keypress('enter');
    await run.see('Password');
    run.type('short');
    run.keypress('enter');
    await run.see('Use at least 8 characters.');
    run.type('butlonger');
    run.keypress({ name: 't', ctrl: true });
    run.keypress('enter');
    await run.see('Password again');
    run.type('another one');
    run.keypress('enter');
    await run.see('The two are not the same.');
    for (let count = 0; count < 'another one'.length; count += 1) run.keypress('backspace');
    run.type('shortbutlonger');
    run.keypress('enter');
    await run.see('Full name (optional)');
    run.type('Ada');
    run.keypress('enter');
    await run.see('Speaks');
    await run.see('English (en)');
    run.type('germ');
    await run.see('German (de)');
    run.keypress('enter');
    expect(await run.code).to.equal(0);
    expect(run.screen()).to.contain('*****').and.not.contain('Listens in');
    expect(run.screen()).not.to.match(/shortbutlonger|another one/);
    expect((await users())[0]).to.include({
      email: 'nobody@example.com',
      full_name: 'Ada',
      speaking_language: 'de',
      listening_language: 'fr',
    });
  });

  it('offers only the languages that are configured', async () => {
    const limited = { ...env, FLUENTMEET_LANGUAGES: 'nl,pt-BR' };
    const args = ['register', '--email', 'a@example.com', '--name', '', ...otherFields];
    const run = await runPrompted(args, limited);
    for (const prompt of ['Password', 'Password again']) {
      await run.see(prompt);
      run.type(password);
      run.keypress('enter');
    }
    await run.see('Dutch (nl)');
    await run.see('Brazilian Portuguese (pt-BR)');
    run.keypress('down');
    run.keypress('enter');
    await run.see('Listens in');
    run.keypress('enter');
    expect(await run.code).to.equal(0);
    expect((await users())[0]).to.include({
      speaking_language: 'pt-BR',
      listening_language: 'nl',
      full_name: null,
    });
  });

  it('proposes English where it is among them, as the routes take it, else the first', async () => {
    const limited = { ...env, FLUENTMEET_LANGUAGES: 'nl,en' };
    const run = await runPrompted(['register', '--email', 'a@example.com', '--name', ''], limited);
    for (const prompt of ['Password', 'Password again']) {
      await run.see(prompt);
      run.type(password);
      run.keypress('enter');
    }
    for (const prompt of ['Speaks', 'Listens in']) {
      await run.see(prompt);
      run.keypress('enter');
    }
    expect(await run.code).to.equal(0);
    expect((await users())[0]).to.include({ speaking_language: 'en', listening_language: 'en' });
  });

  it('says that an address is taken before it asks for a password', async () => {
    await runCli(['register', '--email', 'ada@example.com', '--password-stdin'], { env, stdin: password });
    const run = await runPrompted(['register'], env);
    await run.see('Email address');
    run.type('ada@example.com');
    run.keypress('enter');
    expect(await run.code).to.equal(3);
    expect(run.screen()).not.to.contain('Password');
  });

  it('ends with 130 on Ctrl-C at a prompt, and has written nothing', async () => {
    const run = await runPrompted(['register', '--email', 'ada@example.com'], env);
    await run.see('Password');
    run.keypress({ name: 'c', ctrl: true });
    expect(await run.code).to.equal(130);
    expect(run.stdout.text).to.equal('');
    expect(await users()).to.have.length(0);
  });
});
