import { execFile } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createProgram } from '../../src/cli/program.js';
import { startHostileHost } from '../hostile/hostile-host.js';
import { isRequired, skipFor } from '../support/skip.js';

interface Said {
  /** Where a reader finds it. */
  at: string;
  text: string;
  /** In a sentence, which may name a command without its arguments. */
  inProse: boolean;
}

/** What the documents tell a reader to type, as far as it can be tried without doing it. */
describe('what README and docs say to type', () => {
  it('is a command line that the real program takes, with its flags and their values', async () => {
    const said = await commandLines();
    expect(said.length).to.be.greaterThan(120);
    const refused: string[] = [];
    for (const { at, text, inProse } of said) {
      const fault = await refusal(wordsOf(text));
      if (fault === undefined || (inProse && /argument/.test(fault) && /missing/.test(fault))) continue;
      refused.push(`${at}: fluentmeet ${text}: ${fault}`);
    }
    expect(refused).to.deep.equal([]);
  });

  it('would notice a flag that is gone, a wrong value, and a command that is none', async () => {
    expect(await refusal(['serve', '--prot', '1'])).to.match(/unknown option/);
    expect(await refusal(['emails', 'replay', '--since', 'some day'])).to.match(/invalid/);
    expect(await refusal(['user', 'list'])).to.match(/unknown command/);
    expect(wordsOf(`users list --email 'a b' | jq .`)).to.deep.equal(['users', 'list', '--email', 'a b']);
  });

  it('is a script that package.json has', async () => {
    const scripts = new Map<string, ReadonlySet<string>>();
    const missing: string[] = [];
    for (const { at, text } of await everything()) {
      const example = /^examples\/[^/]+\//.exec(at)?.[0];
      const home = example !== undefined && !example.includes('all-processes') ? example : '';
      const has = scripts.get(home) ?? new Set(Object.keys(await scriptsOf(`${home}package.json`)));
      scripts.set(home, has);
      const named = [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);
      const short = [...text.matchAll(/\bnpm (start|test|it)\b/g)].map(([, name]) =>
        name === 'it' ? 'test' : name!,
      );
      missing.push(...[...named, ...short].filter((name) => !has.has(name)).map((name) => `${at}: ${name}`));
    }
    expect(missing).to.deep.equal([]);
  });

  it('is a test file that is there', async () => {
    const files = (await everything()).flatMap(
      ({ text }) => text.match(/(?<=npx mocha )test\/[\w./-]+\.ts/g) ?? [],
    );
    expect(files.length).to.be.greaterThan(1);
    for (const file of files) await access(file);
  });

  it('is a request that is answered as the page says', async function () {
    const blocks = (await everything()).filter(({ text }) => /^(?:\$ )?curl /m.test(text));
    expect(blocks.length).to.be.greaterThan(0);
    const curl = promisify(execFile)('curl', ['--version']).catch(() => undefined);
    if (!(await curl)) {
      if (isRequired()) throw new Error('curl is not installed');
      skipFor(this, 'curl is not installed');
    }
    const host = await startHostileHost();
    try {
      for (const { at, text } of blocks) {
        const script = text.replaceAll(/localhost:3000\b/g, `127.0.0.1:${host.port}`);
        const { stdout } = await promisify(execFile)('sh', ['-c', script]);
        expect(stdout, at).to.match(/^HTTP\/1.1 201 Created/);
        expect(JSON.parse(stdout.slice(stdout.indexOf('{'))), at).to.include({
          email: 'ada@example.com',
          full_name: 'Ada Lovelace',
          speaking_language: 'en',
          listening_language: 'fr',
          is_verified: false,
        });
      }
    } finally {
      await host.stop();
    }
  });
});

/** Undefined where the program takes it. Nothing is run. */
async function refusal(words: readonly string[]): Promise<string | undefined> {
  const [first, ...rest] = words;
  const asked = first === 'help' ? [...rest, '--help'] : words;
  const program = createProgram(
    () => async () => {},
    (root) => root.exitOverride().configureOutput({ writeOut() {}, writeErr() {} }),
  );
  try {
    await program.parseAsync(['node', 'fluentmeet', ...asked]);
    return undefined;
  } catch (error) {
    const { exitCode, message } = error as { exitCode?: number; message: string };
    return exitCode === 0 ? undefined : message;
  }
}

/** Of every `fluentmeet …` in a block or between backticks, but for those with something left out. */
async function commandLines(): Promise<Said[]> {
  const found = (await everything()).flatMap(({ at, text, inProse }) =>
    text.split('\n').flatMap((line) => {
      const [, command] = /(?:^|[\s(])fluentmeet ([a-z-].*?)(?:\s+#.*)?$/.exec(line) ?? [];
      return command === undefined ? [] : [{ at, text: command, inProse }];
    }),
  );
  return found.filter(({ text }) => !/…|\.\.\.|<[a-z]|\[/.test(text));
}

/** As a shell would, up to a pipe, a redirection or the next command. */
function wordsOf(line: string): string[] {
  const tokens = line.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s|;&<>()'"])+|[|;&<>()]/g) ?? [];
  const end = tokens.findIndex((token) => /^[|;&<>()]$/.test(token));
  return tokens
    .slice(0, end === -1 ? undefined : end)
    .map((token) =>
      token.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => String(single ?? double)),
    );
}

/** Each shell block, each example of a command's help, and what stands between backticks in prose. */
async function everything(): Promise<Said[]> {
  const said: Said[] = [];
  for (const page of await pages()) {
    const text = await readFile(page, 'utf8');
    const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
    for (const { index, 1: language, 2: code = '' } of blocks) {
      const at = `${page}:${text.slice(0, index).split('\n').length}`;
      if (language === 'sh') said.push({ at, text: code, inProse: false });
      if (language === 'text') {
        for (const [, line = ''] of code.matchAll(/^ {2}\$ (.*)$/gm))
          said.push({ at, text: line, inProse: false });
      }
    }
    const prose = text.replaceAll(/^```.*?^```$/gms, (block) => block.replaceAll(/[^\n]/g, ''));
    for (const { index, 1: code = '' } of prose.matchAll(/`([^`\n]+)`/g)) {
      said.push({ at: `${page}:${prose.slice(0, index).split('\n').length}`, text: code, inProse: true });
    }
  }
  return said;
}

async function pages(): Promise<string[]> {
  const guides = (await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  const examples = (await readdir('examples')).map((name) => `examples/${name}/README.md`);
  return ['README.md', 'CONTRIBUTING.md', 'test/README.md', ...guides, ...examples];
}

async function scriptsOf(file: string): Promise<object> {
  return (JSON.parse(await readFile(file, 'utf8')) as { scripts: object }).scripts;
}
