import { expect } from 'chai';
import { unavailableInWords } from '../../src/cli/unavailable-in-words.js';
import { ServiceUnavailableError } from '../../src/errors.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { query } from './query.js';
import { runCli } from './run-cli.js';
import { runServer } from './run-server.js';

describe('what the command line says of a database that does not do it', () => {
  let database: TestDatabase;

  before(async () => {
    database = await createDatabase();
    await runCli(['migrate', 'up'], { env: { DATABASE_URL: database.url } });
  });

  after(() => database.drop());

  const run = async (url: string, ...args: string[]) => {
    const env = {
      DATABASE_URL: url,
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: 'a secret of the tests, of 32 characters',
    };
    const { code, stderr } = await runCli(args, { env, stdin: 'gimmel-oxide-27\n' });
    expect(code).to.equal(4);
    return stderr;
  };

  describe('after a fail-over, at a standby', () => {
    const name = () => new URL(database.url).pathname.slice(1);
    before(() => query(database.url, `alter database "${name()}" set default_transaction_read_only = on`));

    const commands = [
      ['users', 'verify', 'ada@example.com'],
      ['register', '--email', 'ada@example.com', '--password-stdin', '--no-input'],
      ['invites', 'create'],
      ['relay', 'pause', '--reason', 'tests'],
    ];
    for (const command of commands) {
      it(`does not ask whether it is running: ${command.slice(0, 2).join(' ')}`, async () => {
        const said = await run(database.url, ...command);
        expect(said)
          .to.match(/^error: the database takes no writes/)
          .and.to.include('primary');
        expect(said).not.to.include('Is it running');
      });
    }
  });

  it('tells a database that does not exist from one that is away', async () => {
    const url = new URL(database.url);
    url.pathname = '/never_made';
    expect(await run(url.href, 'users', 'list'))
      .to.include('there is no such database (3D000): database "never_made" does not exist\n')
      .and.include('createdb');
    const { stdout } = await runCli(['doctor'], { env: { DATABASE_URL: url.href } });
    expect(stdout, 'doctor').to.include('there is no such database (3D000)\tCreate it (createdb)');
  });

  it('tells a wrong password from one that is away', async () => {
    const url = new URL(database.url);
    url.password = 'wrong';
    const said = await run(url.href, 'users', 'list');
    expect(said).to.include('wrong password (28P01): ').and.include('percent-encoded');
    expect(said).not.to.include(url.password + '@');
  });

  it('tells that a password is wanted', async () => {
    const url = new URL(database.url);
    url.password = '';
    const said = await run(url.href, 'users', 'list');
    expect(said).to.match(/^error: the server wants a password, and DATABASE_URL has none\n/);
    const { stdout } = await runCli(['doctor'], { env: { DATABASE_URL: url.href } });
    expect(stdout, 'doctor').to.include('the server wants a password, and DATABASE_URL has none');
  });

  it('tells a database that accepts no connections, or not of this user, from one that is away', async () => {
    const url = new URL(database.url);
    const other = new URL(database.url);
    other.pathname = '/postgres';
    const name = url.pathname.slice(1);
    await query(other.href, `alter database "${name}" allow_connections false`);
    try {
      expect(await run(url.href, 'users', 'list')).to.match(
        /^error: the database accepts no connections \(55000\): database .*\n.*allow_connections/,
      );
      const { stdout } = await runCli(['doctor'], { env: { DATABASE_URL: url.href } });
      expect(stdout, 'doctor').to.include('the database accepts no connections (55000)');
      const waiting = runServer(['serve', '--wait', '100ms'], {
        env: {
          DATABASE_URL: url.href,
          KAFKA_BROKERS: '127.0.0.1:1',
          FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
          FLUENTMEET_SECRET: 'a secret of the tests, of 32 characters',
        },
      });
      expect(await waiting.ended).to.equal(4);
      expect(waiting.stderr.text).to.include('55000');
    } finally {
      await query(other.href, `alter database "${name}" allow_connections true`);
    }
  });

  it('tells a server that lets nobody in now from one that is away', () => {
    const error = (sqlState: string) => new ServiceUnavailableError('database', false, { sqlState });
    expect(unavailableInWords(error('57P03')).message).to.equal(
      'the database is starting up or shutting down (57P03)',
    );
    expect(unavailableInWords(error('53300')).advice)
      .to.include('max_connections')
      .and.include('connection limit');
    expect(unavailableInWords(error('42501')).advice).to.include('grant connect');
  });

  it('says nothing of its own reading of sslmode, and connects by the same one everywhere', async () => {
    const warnings: string[] = [];
    const keep = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', keep);
    try {
      const url = `${database.url}?sslmode=require`;
      expect(await run(url, 'users', 'list')).to.include('does not support SSL');
      expect(await run(url, 'migrate', 'up', '--wait', '0s')).to.include('does not support SSL');
      const { stdout } = await runCli(['doctor'], { env: { DATABASE_URL: url } });
      expect(stdout).to.include('does not support SSL');
      await new Promise(setImmediate);
    } finally {
      process.off('warning', keep);
    }
    expect(warnings.filter((message) => message.includes('SSL'))).to.deep.equal([]);
  });

  it('asks whether it runs where nobody answers', async () => {
    expect(await run('postgres://u@127.0.0.1:9/db', 'users', 'list')).to.include('Is it running');
  });
});
