import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { build } from 'esbuild';
import { migrationNames } from '../database/migration-names.js';
import { createDatabase } from '../support/postgres.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));

const host = `
import { createFluentMeet } from './src/index.ts';
const fluentmeet = createFluentMeet({ database: process.argv[2], publisher: 'none',
  publicUrl: 'https://app.example.com', secret: 'x'.repeat(32), bcryptCost: 10 });
const applied = await fluentmeet.migrate();
const { id } = await fluentmeet.signUp({ email: 'ada@example.com', password: 'a password of a bundle 4711' });
console.log(JSON.stringify({ applied, id }));
await fluentmeet.stop();
`;

describe('a host that is bundled into one file', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-bundle-'));
    // Native addons are nothing that a bundler takes along, nor data that is read as files.
    await mkdir(path.join(folder, 'node_modules'));
    for (const name of ['bcrypt', 'node-gyp-build', 'language-subtag-registry']) {
      await symlink(path.join(repository, 'node_modules', name), path.join(folder, 'node_modules', name));
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const formats = {
    esm: {
      outfile: 'host.mjs',
      contents: host,
      // What is CommonJS in the bundle asks for Node's own modules.
      banner: {
        js: "import { createRequire as bannerRequire } from 'node:module'; const require = bannerRequire(import.meta.url);",
      },
    },
    // What esbuild makes for Node where nobody asks for another. It has no await outside of functions.
    cjs: {
      outfile: 'host.cjs',
      contents: host.replace(/const fluentmeet[^]*/, 'void (async () => {\n$&})();'),
      banner: {},
    },
  };

  for (const [format, { outfile: name, contents, banner }] of Object.entries(formats)) {
    it(`migrates, and signs up: ${format}`, () => tryOut(format as 'esm' | 'cjs', name, contents, banner));
  }

  async function tryOut(format: 'esm' | 'cjs', name: string, contents: string, banner: { js?: string }) {
    const outfile = path.join(folder, name);
    await build({
      stdin: { contents, resolveDir: repository, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format,
      target: 'node20',
      outfile,
      banner,
      external: ['bcrypt', 'pg-native', 'pg-hstore'],
      logLevel: 'error',
    });
    const { url, drop } = await createDatabase();
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [outfile, url], { cwd: folder });
      expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).to.deep.equal({ applied: migrationNames, id: 1 });
    } finally {
      await drop();
    }
  }
});
