import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { startEmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { skipFor } from '../support/skip.js';

describe('the account of PostgreSQL', function () {
  this.timeout(60_000);
  const nameless = 54_321;
  const start = process.cwd();
  let folder: string;

  before(async function () {
    // Only root can be handed the files of a user who does not exist.
    if (process.getuid?.() !== 0) skipFor(this, 'needs root');
    folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-account-'));
    await chmod(folder, 0o755);
    await chown(folder, nameless, nameless);
  });
  afterEach(() => process.chdir(start));
  after(() => folder && rm(folder, { recursive: true, force: true }));

  it('is one with a name, where root works in a folder of a uid that has none', async () => {
    process.chdir(folder);
    const dataDirectory = path.join(folder, 'postgres');
    const server = await startEmbeddedPostgres({ dataDirectory });
    await server.stop();
    expect((await stat(dataDirectory)).uid).not.to.be.oneOf([0, nameless]);
  });

  it('is not that of a process whose own uid has no name, which is told so', async () => {
    const own = path.join(folder, 'own');
    const file = path.join(folder, 'start.mts');
    const source = new URL('../../src/dev/embedded-postgres.ts', import.meta.url).href;
    await writeFile(
      file,
      `const { startEmbeddedPostgres } = await import(${JSON.stringify(source)});
       await startEmbeddedPostgres({ dataDirectory: ${JSON.stringify(own)} });`,
    );
    // It reads the sources and the binaries wherever they lie.
    const as = [`--reuid=${nameless}`, `--regid=${nameless}`, '--clear-groups'];
    const allowed = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
    const running = promisify(execFile)(
      'setpriv',
      [...as, ...allowed, process.execPath, '--import', 'tsx', file],
      { env: { PATH: process.env['PATH'], TSX_DISABLE_CACHE: '1' } },
    );
    const { stderr } = await running.catch((error: { stderr: string }) => error);
    expect(stderr).to.contain('only as a user who has a name').and.contain('/etc/passwd');
  });
});
