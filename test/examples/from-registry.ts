import { type ExecException, execFile } from 'node:child_process';
import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { startHostileHost } from '../hostile/hostile-host.js';
import { packPackage, removeFolder, repository } from '../packaging/install-package.js';
import { createDatabase } from '../support/postgres.js';

/** The examples whose own tools come from the registry: `npm run check:examples`, once and not for each version of Node. */
describe('the examples with tools of their own', function () {
  this.timeout(300_000);
  const folders: string[] = [];
  after(() => Promise.all(folders.map(removeFolder)));

  async function npm(
    cwd: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<string> {
    const all = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...env };
    return promisify(execFile)('npm', args, { cwd, env: all, maxBuffer: 1 << 24 }).then(
      ({ stdout, stderr }) => stdout + stderr,
      (error: ExecException) =>
        Promise.reject(new Error(`npm ${args.join(' ')}:\n${error.stdout}${error.stderr}`)),
    );
  }

  async function install(name: string, packages: readonly string[] = []): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), `fluentmeet-${name}-`));
    folders.push(folder);
    await cp(path.join(repository, 'examples', name), folder, { recursive: true });
    const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
    await npm(folder, ['install', ...quiet, ...packages]);
    return folder;
  }

  describe('testing', () => {
    let home: string;
    before(async () => {
      home = await install('testing', [(await packPackage()).tarball]);
    });

    for (const [script, passed] of Object.entries({
      'test:node': /pass 1\b/,
      'test:jest': /Tests: +1 passed, 1 total/,
      'test:jest-commonjs': /Tests: +1 passed, 1 total/,
      'test:vitest': /Tests +1 passed \(1\)/,
    })) {
      it(script, async () => {
        const { url, drop } = await createDatabase();
        try {
          for (const time of ['first', 'second'])
            expect(await npm(home, ['run', script], { DATABASE_URL: url }), time).to.match(passed);
        } finally {
          await drop();
        }
      });
    }
  });

  it('api-client: generated and compiled, signs up, and is told what is wrong', async () => {
    const home = await install('api-client');
    const host = await startHostileHost();
    try {
      const { origin } = new URL(host.url);
      // As its script says, at another address.
      const { scripts } = JSON.parse(await readFile(path.join(home, 'package.json'), 'utf8')) as {
        scripts: { generate: string };
      };
      const generate = scripts.generate.replace('http://localhost:3000', origin).split(' ');
      await npm(home, ['exec', '--', ...generate]);
      await npm(home, ['exec', '--', 'tsc']);
      const signUp = (email: string) =>
        promisify(execFile)(process.execPath, ['dist/sign-up.js'], {
          cwd: home,
          env: { API_URL: origin, EMAIL: email },
        }).catch((error: ExecException) => error);
      expect((await signUp('ada@example.com')).stdout).to.equal('signed up: ada@example.com (1)\n');
      expect((await signUp('ada@example.com')).stdout).to.equal('EMAIL_ALREADY_REGISTERED\n');
      expect((await signUp('ada')).stdout).to.equal('VALIDATION_ERROR\nemail: EMAIL_WITHOUT_AT\n');
    } finally {
      await host.stop();
    }
  });
});
