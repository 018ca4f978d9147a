import type { Command } from 'commander';
import { expect } from 'chai';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { createProgram } from '../../src/cli/program.js';
import { main } from '../../src/cli/main.js';
import { compiled } from '../support/compiled.js';
import { createIo, runCli } from './run-cli.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('fluentmeet', () => {
  it('shows its help on stdout, and ends with 0', async () => {
    for (const args of [[], ['--help'], ['-h'], ['help']]) {
      const { code, stdout, stderr } = await runCli(args);
      expect(code, args.join(' ')).to.equal(0);
      expect(stdout).to.contain('Usage: fluentmeet').and.contain('Exit codes:');
      expect(stderr).to.equal('');
    }
  });

  it('shows two examples in the help of every command', async () => {
    const commands = (program: Command, path: string[] = []): string[][] =>
      program.commands.flatMap((command) =>
        command.commands.length > 0
          ? [...whole(command, path), ...commands(command, [...path, command.name()])]
          : [[...path, command.name()]],
      );
    // `relay` is a command, and has some.
    const whole = (command: { name(): string }, path: string[]) =>
      command.name() === 'relay' ? [[...path, command.name()]] : [];
    const all = commands(createProgram());
    expect(all.map((path) => path.join(' '))).to.include.members([
      'dev',
      'serve',
      'register',
      'relay',
      'relay pause',
      'migrate up',
    ]);
    for (const path of all) {
      const { code, stdout } = await runCli([...path, '--help']);
      expect(code).to.equal(0);
      expect(stdout.match(/^ {2}\$ .*fluentmeet /gm), path.join(' ')).to.have.length.at.least(2);
    }
  });

  it('shows the help of a command of a command', async () => {
    for (const args of [
      ['help', 'emails', 'replay'],
      ['emails', 'help', 'replay'],
      ['help', 'emails', 'replay', '--help'],
    ]) {
      const { code, stdout } = await runCli(args);
      expect(code, args.join(' ')).to.equal(0);
      expect(stdout, args.join(' ')).to.contain('Usage: fluentmeet emails replay');
    }
    expect((await runCli(['help', 'emails'])).stdout).to.contain('Usage: fluentmeet emails ');
    for (const args of [
      ['help', 'nonsense'],
      ['help', 'emails', 'nonsense'],
    ]) {
      const { code, stderr } = await runCli(args);
      expect(code, args.join(' ')).to.equal(2);
      expect(stderr).to.contain("unknown command 'nonsense'");
    }
  });

  it('shows its version', async () => {
    const { code, stdout } = await runCli(['--version']);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '0.1.0\n' });
  });

  it('ends with 2 on an unknown command, flag or argument, and on a group without its command', async () => {
    for (const args of [
      ['regster'],
      ['migrate'],
      ['migrate', 'sideways'],
      ['migrate', 'up', '--fast'],
      ['relay', 'x'],
    ]) {
      const { code, stdout, stderr } = await runCli(args);
      expect(code, args.join(' ')).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).not.to.equal('');
    }
  });

  it('says of every usage error what was meant, and where it stands how to use the command', async () => {
    for (const [args, meant, command] of [
      [['regster'], 'register', 'fluentmeet'],
      [['relay', 'puase'], 'pause', 'fluentmeet relay'],
      [['help', 'relay', 'resmue'], 'resume', 'fluentmeet relay'],
      [['relay', 'nonsense'], undefined, 'fluentmeet relay'],
      [['emails', 'reply'], 'replay', 'fluentmeet emails'],
      [['emails', 'list', '--stats', 'dead'], '--status', 'fluentmeet emails list'],
      [['emails', 'show'], undefined, 'fluentmeet emails show'],
      [['emails', 'list', '--status', 'deed'], undefined, 'fluentmeet emails list'],
      [['relay', 'resume', 'now'], undefined, 'fluentmeet relay resume'],
      [['serve', '--port', '65536'], undefined, 'fluentmeet serve'],
      [['dev', '--port', 'http'], undefined, 'fluentmeet dev'],
    ] as const) {
      const { code, stderr } = await runCli(args);
      const [error, ...rest] = stderr.trimEnd().split('\n');
      expect(code, args.join(' ')).to.equal(2);
      expect(error).to.match(/^error: /);
      const hint = meant ? [`(Did you mean ${meant}?)`] : [];
      expect(rest, args.join(' ')).to.deep.equal([...hint, `How to use it: ${command} --help`]);
    }
    expect((await runCli(['relay', 'puase'])).stderr).to.contain("unknown command 'puase'");
  });

  it('keeps an escape sequence in an argument from the terminal', async () => {
    for (const args of [['\u001b[2Jnonsense\n'], ['users', 'list', '--\u001b[2Jnonsense']]) {
      const { stderr } = await runCli(args, { terminal: { stderr: true }, env: { NO_COLOR: '1' } });
      expect(stderr).to.contain('unknown').and.not.contain('\u001b');
    }
  });

  it('repeats an argument only where it looks like a command or an id, and not like a password', async () => {
    for (const args of [
      ['MyStr0ng P@ss!'],
      ['migrate', "MyStr0ng'P@ss!"],
      ['emails', 'show', 'MyStr0ngP@ss!'],
      ['relay', 'MyStr0ngP@ss!'],
    ]) {
      const { code, stderr } = await runCli(args);
      expect(code).to.equal(2);
      expect(stderr).to.contain("'…'").and.not.contain('Str0ng');
    }
    expect((await runCli(['emails', 'show', 'first'])).stderr).to.contain("'first' is invalid");
  });

  it('refuses a password in an argument, and does not repeat it', async () => {
    for (const args of [['--password', 'hunter2hunter2'], ['--password=hunter2hunter2'], ['--password']]) {
      const { code, stdout, stderr } = await runCli(['register', ...args]);
      expect(code).to.equal(2);
      expect(stderr).to.contain('--password is refused').and.contain('--password-stdin');
      expect(stdout + stderr).not.to.contain('hunter2');
    }
  });

  it('names the missing settings, with exit code 2 and no stack', async () => {
    const { code, stderr } = await runCli(['migrate', 'status']);
    expect(code).to.equal(2);
    expect(stderr)
      .to.contain('DATABASE_URL: is not set')
      .and.not.match(/^\s+at /m);
  });

  it('shows a stack with --debug, and still no secret', async () => {
    const env = { DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/app' };
    const plain = await runCli(['migrate', 'status'], { env });
    expect(plain.code).to.equal(4);
    expect(plain.stderr)
      .to.contain('ECONNREFUSED')
      .and.not.match(/^\s+at /m);
    const debug = await runCli(['migrate', 'status', '--debug'], { env });
    expect(debug.code).to.equal(4);
    expect(debug.stderr)
      .to.match(/^\s+at /m)
      .and.not.contain('hunter2');
    expect(plain.stderr).not.to.contain('hunter2');
  });

  it('ends at once with 130 on a signal that no command has taken', () => {
    const { io, exits } = createIo();
    void main(['node', 'fluentmeet', 'migrate', 'status'], io);
    io.signals.emit('SIGINT');
    expect(exits).to.deep.equal([130]);
  });

  it('ends with 130 where a command fails because of the signal, and with --debug says how', async () => {
    const env = { DATABASE_URL: 'postgres://app@127.0.0.1:1/app' };
    const interrupt = async (...flags: string[]) => {
      const { io, stderr } = createIo({ env });
      const ended = main(['node', 'fluentmeet', 'migrate', 'status', ...flags], io);
      // Here the exit at once is only written down, and the command goes on, as one does that took the signal.
      io.signals.emit('SIGINT');
      return { code: await ended, stderr: stderr.text };
    };
    const plain = await interrupt();
    expect(plain.code).to.equal(130);
    expect(plain.stderr).not.to.contain('error: ');
    const debug = await interrupt('--debug');
    expect(debug.code).to.equal(130);
    expect(debug.stderr).to.contain('error: ');
  });

  it('leaves no listener on the signals', async () => {
    const { io } = createIo();
    await main(['node', 'fluentmeet', '--help'], io);
    expect(io.signals.listenerCount('SIGINT') + io.signals.listenerCount('SIGTERM')).to.equal(0);
  });

  it('ends quietly when the reader of stdout has gone', async () => {
    const child = spawn(process.execPath, [compiled('bin/fluentmeet.ts'), '--help'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += chunk));
    const [code] = await once(child, 'close');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
  });

  it('imports nothing but commander and its own light files for its help', async () => {
    const { stderr } = await promisify(execFile)(
      process.execPath,
      [compiled('bin/fluentmeet.ts'), '--help'],
      {
        cwd: root,
        env: { ...process.env, NODE_DEBUG: 'esm' },
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    const packages = new Set(
      [...stderr.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)/g)].map(([, name]) => name),
    );
    expect(packages).to.include('commander');
    for (const heavy of [
      'sequelize',
      'zod',
      'inquirer',
      'express',
      'umzug',
      'kafkajs',
      'pino',
      'bcrypt',
      'pg',
    ]) {
      expect(packages, heavy).not.to.include(heavy);
    }
  });
});
