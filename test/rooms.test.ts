import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

/** The rooms that a feature may import. Whatever is not here, .oxlintrc.json has to refuse. */
const below: Record<string, readonly string[]> = {
  database: [],
  words: [],
  challenge: [],
  passwords: [],
  outbox: ['database'],
  limits: ['database', 'outbox'],
  users: ['database'],
  invites: ['database', 'users'],
  verification: ['database', 'users', 'outbox', 'limits'],
  signup: ['database', 'users', 'passwords', 'outbox', 'limits', 'invites', 'verification', 'challenge'],
  login: ['database', 'users', 'passwords', 'limits'],
  mail: ['outbox', 'words'],
  publishers: ['outbox', 'mail', 'words', 'options'],
  mailer: ['outbox', 'mail', 'words', 'publishers'],
  relay: ['database', 'outbox', 'limits', 'verification'],
  desk: ['database', 'users', 'outbox', 'limits', 'invites', 'verification', 'signup', 'relay'],
  seed: ['database', 'users', 'passwords', 'outbox', 'invites', 'verification', 'signup', 'desk'],
};
const features = Object.keys(below);
const above = ['http', 'cli', 'dev', 'testing'];
/**
 * What is decided about options reaches a feature as a value that it is handed: of them it may name the types. But a host
 * makes a publisher itself, and hands it options of its own.
 */
const typesOnly = ['options'];
const rooms = [...features, ...above, ...typesOnly];

const atTheEdge = ['commander', 'express', 'express-rate-limit', 'inquirer', 'pino', 'prom-client'];

describe('the rooms', () => {
  it('are all known here', async () => {
    const entries = await readdir('src', { withFileTypes: true });
    const found = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(rooms).to.include.members(found);
  });

  it('import downwards only, however an import is written', async () => {
    for (const write of [
      (path: string) => `import * as it from '${path}';`,
      (path: string) => `import type * as it from '${path}';`,
      (path: string) => `export * from '${path}';`,
      (path: string) => `export const it = () => import('${path}');`,
    ]) {
      const values = write('…').includes('import type') ? [] : typesOnly;
      const refused = await refusedImports(rooms, write);
      for (const [room, allowed] of Object.entries(below)) {
        const others = [...features, ...above].filter((other) => other !== room && !allowed.includes(other));
        const expected = [...others, ...values.filter((value) => !allowed.includes(value))];
        expect(refused[room], `${room}: ${write('…')}`).to.have.members(expected);
      }
    }
  });

  it('name no type of another by an import inside a type, which no rule about rooms would see', async () => {
    const refused = await refusedImports(above, (path) => `export type It = import('${path}').It;`);
    for (const room of features) expect(refused[room], room).to.have.members(above);
  });

  it('leave to the edge what is of the edge', async () => {
    const refused = await refusedImports(atTheEdge, (name) => `import '${name}';`);
    for (const room of [...features, 'options']) expect(refused[room], room).to.have.members(atTheEdge);
  });

  it('take sequelize-typescript of the one file that takes the parts of it', async () => {
    const refused = await refusedImports(
      ['model', 'another'],
      () => "import 'sequelize-typescript/dist/x.js';",
    );
    for (const room of rooms) {
      const expected = room === 'database' ? ['another'] : ['model', 'another'];
      expect(refused[room], room).to.have.members(expected);
    }
  });

  it('leave to tests what is for tests', async () => {
    const refused = await refusedImports(['testing'], (path) => `import * as it from '${path}';`);
    for (const room of ['cli', 'http', 'dev']) expect(refused[room], room).to.deep.equal(['testing']);
  });
});

/** Lints one file a room and name, each with one import, under the rules of this repository. */
async function refusedImports(
  names: readonly string[],
  write: (path: string) => string,
): Promise<Record<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'rooms-'));
  try {
    await copyFile('.oxlintrc.json', join(folder, '.oxlintrc.json'));
    for (const room of rooms) {
      await mkdir(join(folder, 'src', room), { recursive: true });
      for (const name of names) {
        const path = atTheEdge.includes(name) ? name : `../${name}/it.js`;
        await writeFile(join(folder, 'src', room, `${name}.ts`), write(path));
      }
    }
    const refused: Record<string, string[]> = Object.fromEntries(rooms.map((room) => [room, []]));
    for (const { code, filename } of await lint(folder)) {
      const [, room = '', name = ''] = /src\/(\w+)\/(.+)\.ts$/.exec(filename) ?? [];
      if (/no-restricted-imports|consistent-type-imports/.test(code)) refused[room]?.push(name);
    }
    return refused;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function lint(folder: string): Promise<{ code: string; filename: string }[]> {
  const command = join(process.cwd(), 'node_modules/.bin/oxlint');
  return new Promise((resolve, reject) => {
    execFile(command, ['--format', 'json'], { cwd: folder, maxBuffer: 1e8 }, (_error, stdout, stderr) => {
      if (!stdout) reject(new Error(stderr));
      else resolve((JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] }).diagnostics);
    });
  });
}
