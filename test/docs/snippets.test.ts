import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** What a reader of a snippet has already: names that the page spoke of, and what its neighbours import. */
const given = `
import type * as signup from '@fluentmeet/signup';
import type * as routes from '@fluentmeet/signup/express';
import type { Express, Request, Response } from 'express';
import type { ModelStatic, Model, Sequelize } from 'sequelize';
declare global {
  const createFluentMeet: typeof signup.createFluentMeet;
  const requireVerified: typeof routes.requireVerified;
  type Publisher = signup.Publisher;
  const fluentmeet: signup.FluentMeet;
  const options: signup.FluentMeetOptions;
  const app: Express;
  const req: Request;
  const res: Response;
  const sequelize: Sequelize;
  const Team: ModelStatic<Model>;
  const beginSession: (req: Request, accountId: number) => Promise<void>;
  const email: string;
  const password: string;
  const disposableDomains: ReadonlySet<string>;
  const resolveMx: (domain: string) => Promise<{ exchange: string }[]>;
  const queue: {
    put(value: object, options: { dedupe: string }): Promise<{ refused: boolean; reason: string }>;
    ping(): Promise<void>;
    end(): Promise<void>;
  };
}`;

describe('the snippets of README and docs', function () {
  this.timeout(120_000);

  it('compile under strict and exactOptionalPropertyTypes', async () => {
    await mkdir(path.join(repository, '.cache'), { recursive: true });
    const folder = await mkdtemp(path.join(repository, '.cache/snippets-'));
    try {
      const snippets = await writeSnippets(folder);
      expect(snippets.length).to.be.greaterThan(5);
      expect(await compile(folder)).to.deep.equal([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function pages(): Promise<{ page: string; text: string }[]> {
  const guides = (await readdir(path.join(repository, 'docs'))).filter((name) => name.endsWith('.md'));
  return Promise.all(
    ['README.md', ...guides.map((name) => `docs/${name}`)].map(async (page) => ({
      page,
      text: await readFile(path.join(repository, page), 'utf8'),
    })),
  );
}

/** @returns the files, each named for the page and the line of its snippet */
async function writeSnippets(folder: string): Promise<string[]> {
  const written: string[] = [];
  for (const { page, text } of await pages()) {
    for (const { index, 1: code = '' } of text.matchAll(/^```ts\n(.*?)^```$/gms)) {
      const line = text.slice(0, index).split('\n').length + 1;
      const file = `${page.replaceAll(/\W/g, '-')}-${line}.ts`;
      await writeFile(path.join(folder, file), asModule(code));
      written.push(file);
    }
  }
  return written;
}

/** The imports, and the rest in a function, so that it may return and hide the given names; `…,` stands for the rest of the options. */
function asModule(code: string): string {
  const imports = code.match(/^import .*;$/gm) ?? [];
  const rest = code.replaceAll(/^import .*;$/gm, '').replaceAll(/^( *)…,$/gm, '$1...options,');
  return `${imports.join('\n')}\nexport async function snippet(): Promise<unknown> {\n${rest}\nreturn undefined;\n}\n`;
}

async function compile(folder: string): Promise<string[]> {
  await writeFile(path.join(folder, 'given.ts'), given);
  const settings = {
    extends: path.join(repository, 'tsconfig.json'),
    compilerOptions: {
      noEmit: true,
      rootDir: repository,
      // What is left unused in a snippet is for its reader.
      noUnusedLocals: false,
      noUnusedParameters: false,
      types: ['node'],
      paths: {
        '@fluentmeet/signup': [path.join(repository, 'src/index.ts')],
        '@fluentmeet/signup/express': [path.join(repository, 'src/http/index.ts')],
        '@fluentmeet/signup/smtp': [path.join(repository, 'src/publishers/smtp/index.ts')],
        '@fluentmeet/signup/testing': [path.join(repository, 'src/testing/index.ts')],
      },
    },
    include: ['*.ts'],
  };
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const tsc = path.join(repository, 'node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error);
  return stdout.split('\n').filter((line) => line.includes('error TS'));
}
