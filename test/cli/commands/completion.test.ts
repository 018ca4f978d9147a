import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createProgram } from '../../../src/cli/program.js';
import { isRequired, skipFor } from '../../support/skip.js';
import { runCli } from '../run-cli.js';

const run = promisify(execFile);

/** A command line that ends where the tab key is pressed, and what the shell then knows. */
const lines: [line: string, candidates: string[]][] = [
  ['fluentmeet em', ['emails']],
  ['fluentmeet emails ', ['list', 'show', 'replay', 'prune']],
  ['fluentmeet emails li', ['list']],
  ['fluentmeet emails list --sta', ['--status']],
  ['fluentmeet emails list --status ', ['pending', 'held', 'published', 'dead', 'obsolete']],
  ['fluentmeet emails list --status de', ['dead']],
  ['fluentmeet emails list --limit 5 --status de', ['dead']],
  // The value of a flag is no command, though it is called like one.
  ['fluentmeet --as emails emails list --status de', ['dead']],
  ['fluentmeet --as ser', []],
  ['fluentmeet relay ', ['pause', 'resume']],
  ['fluentmeet relay pause --rea', ['--reason']],
  ['fluentmeet serve --no-re', ['--no-relay']],
  ['fluentmeet help emails rep', ['replay']],
  ['fluentmeet completion f', ['fish']],
  ['fluentmeet register --password', ['--password-stdin']],
];

describe('fluentmeet completion', () => {
  let folder: string;
  let script: string;
  let env: NodeJS.ProcessEnv;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "fluentmeet's completion-"));
    // The scripts ask the program that was typed.
    const bin = fileURLToPath(new URL('../../../dist/bin/fluentmeet.js', import.meta.url));
    await mkdir(path.join(folder, 'bin'));
    await writeFile(path.join(folder, 'bin/fluentmeet'), `#!/bin/sh\nexec node '${bin}' "$@"\n`, {
      mode: 0o755,
    });
    env = { ...process.env, PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}` };
  });
  after(() => rm(folder, { recursive: true }));

  const prepare = async (shell: string): Promise<void> => {
    const { code, stdout } = await runCli(['completion', shell]);
    expect(code).to.equal(0);
    script = path.join(folder, shell);
    await writeFile(script, stdout);
    await writeFile(path.join(folder, 'users.csv'), '');
  };

  it('knows every command, no flag that is hidden, and refuses another shell', async () => {
    const after = async (...words: string[]): Promise<string[]> => {
      const { stdout } = await runCli(['__complete', ...words]);
      return stdout.split('\n').map((line) => line.split('\t', 1)[0] ?? '');
    };
    const names = createProgram().commands.map((command) => command.name());
    expect(await after('')).to.deep.equal([...names, 'help', '']);
    expect(await after('register', '-')).to.include.members(['--json', '--reveal', '--config', '--help']);
    expect(await after('register', '-')).not.to.include('--password');
    expect((await runCli(['completion', 'csh'])).code).to.equal(2);
  });

  it('reads no setting and no module of the host while a shell asks', async () => {
    const { code, stdout } = await runCli(['__complete', 'mig'], {
      env: { FLUENTMEET_CONFIG: './missing.js' },
    });
    expect({ code, lists: stdout.includes('migrate\t') }).to.deep.equal({ code: 0, lists: true });
  });

  describe('in bash', () => {
    before(() => prepare('bash'));

    /** As bash itself calls it: the line taken apart, at `=` as well. */
    async function complete(line: string): Promise<string[]> {
      const words = line.split(/ |(=)/).filter((word) => word !== undefined);
      const driver = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fluentmeet fluentmeet; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout } = await run('bash', ['--norc', '-c', driver, 'bash', script, ...words], {
        cwd: folder,
        env,
      });
      return stdout.split('\n').filter((word) => word !== '');
    }

    it('completes commands, flags and values', async () => {
      await Promise.all(
        lines.map(async ([line, candidates]) =>
          expect(await complete(line), line).to.have.members(candidates),
        ),
      );
      expect(await complete('fluentmeet emails list --status=de')).to.deep.equal(['dead']);
      expect(await complete('fluentmeet emails list --status=')).to.include('held');
      expect(await complete('fluentmeet users import use')).to.deep.equal(['users.csv']);
    });
  });

  describe('in fish', () => {
    before(async function () {
      await requireShell(this, 'fish');
      await prepare('fish');
    });

    it('completes commands, flags and values', async () => {
      const all = [...lines, ['fluentmeet emails list --status=de', ['--status=dead']] as const];
      const driver = `source $argv[1]; for line in $argv[2..-1]; complete -C $line; echo ++; end`;
      const { stdout } = await run(
        'fish',
        ['--no-config', '-c', driver, script, ...all.map(([line]) => line), 'fluentmeet users import use'],
        { cwd: folder, env },
      );
      const answers = stdout.split('++\n').map((answer) =>
        answer
          .split('\n')
          .map((row) => row.split('\t')[0] ?? '')
          .filter((word) => word !== ''),
      );
      for (const [index, [line, candidates]] of all.entries())
        expect(answers[index], line).to.have.members([...candidates]);
      expect(answers[all.length]).to.deep.equal(['users.csv']);
    });
  });

  describe('in zsh', () => {
    before(async function () {
      await requireShell(this, 'zsh');
      await prepare('zsh');
    });

    it('completes commands, flags and values', async () => {
      const unique = lines.filter(([, candidates]) => candidates.length === 1);
      const all = [
        ...unique,
        ['fluentmeet emails list --status=de', ['--status=dead']] as const,
        ['fluentmeet users import use', ['users.csv']] as const,
      ];
      // A zsh in a terminal of its own, a tab, and a key that prints what then stands on the line.
      const driver = `
        zmodload zsh/zpty
        zpty -b shell zsh -f -i
        zpty -w shell "PS1=; unsetopt beep; autoload -Uz compinit; compinit -D -u; source \${(q)1}
          shown() { print -r -- \\"<\\$BUFFER>\\"; BUFFER= }; zle -N shown; bindkey '^O' shown; print 'read''y'"
        zpty -r shell line '*ready*'
        for typed in "\${@:2}"; do
          zpty -w -n shell "$typed"$'\\t\\x0f'
          zpty -r shell line '*<*>*'
          print -r -- "\${\${line##*<}%%>*}"
        done
        zpty -d shell`;
      const { stdout } = await run('zsh', ['-f', '-c', driver, 'zsh', script, ...all.map(([line]) => line)], {
        cwd: folder,
        env,
      });
      const completed = stdout.trimEnd().split('\n');
      for (const [index, [line, [candidate = '']]] of all.entries())
        expect(completed[index]?.trimEnd(), line).to.equal(line.replace(/[^ ]*$/, candidate));
    });
  });
});

async function requireShell(context: Mocha.Context, shell: string): Promise<void> {
  try {
    await run(shell, ['--version']);
  } catch (cause) {
    if (isRequired()) throw new Error(`${shell} is not installed`, { cause });
    skipFor(context, `no ${shell}: it is not installed`);
  }
}
