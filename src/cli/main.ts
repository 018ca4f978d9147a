import type { Command } from 'commander';
import { exitCodes, type ExitCode } from './cli-error.js';
import type { GlobalFlags } from './cli.js';
import type { Run } from './command.js';
import { interruptionOf } from './interruption.js';
import { hasColor, type Io, processIo, widthOf } from './terminal/io.js';
import type { Output } from './terminal/output.js';
import { printable } from './terminal/printable.js';
import { createProgram } from './program.js';
import { watchOutput } from './terminal/watch-output.js';

/** Runs one command line. Resolves with the exit code, whatever happens: this is the one place that decides it. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  const written = watchOutput(io);
  if (argv[2] === '__complete') {
    // A shell asks, at each tab: no settings are read for it, and no module of the host's.
    const { complete } = await import('./complete.js');
    const lines = complete(createProgram(), argv.slice(3));
    io.stdout.write(lines.map((line) => `${line}\n`).join(''));
    return exitCodes.done;
  }
  const interruption = interruptionOf(io);
  let exitCode: ExitCode | undefined;
  let output: Output | undefined;
  const run: Run =
    (load) =>
    async (...args) => {
      const command = args.pop() as { optsWithGlobals(): Record<string, unknown> };
      const flags = command.optsWithGlobals();
      const { createCli } = await import('./cli.js');
      const { closeHostDatabase, loadHostOptions } = await import('./settings/host-options.js');
      const hostOptions = await loadHostOptions(io, flags['config'] as string | undefined);
      const cli = createCli({ ...io, hostOptions }, flags, interruption);
      output = cli.output;
      const action = await load();
      const own = args.slice(0, -1) as never[];
      try {
        exitCode = (await action(cli, ...own, flags as never)) ?? undefined;
      } finally {
        // Not waited for: a server that hangs shall not keep the report.
        closeHostDatabase(hostOptions).catch(() => {});
      }
    };
  const program = createProgram(run, (root) => speakThrough(root, io));
  try {
    await program.parseAsync(withHelp(program, argv)).catch(passOnHelp);
    await written(output?.ifLost);
    return exitCode ?? (interruption.happened ? exitCodes.interrupted : exitCodes.done);
  } catch (error) {
    const { debug = false, config } = program.opts<GlobalFlags>();
    // What fails after Ctrl-C failed because of it: the terminal sends it to the programs that we run as well.
    if (interruption.happened && !debug) return exitCodes.interrupted;
    const { reportError } = await import('./report-error.js');
    const failed = reportError(io, error, { debug, config });
    return interruption.happened ? exitCodes.interrupted : failed;
  } finally {
    interruption.release();
  }
}

function speakThrough(program: Command, io: Io): void {
  program.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
    // What was typed stands in it: an escape sequence among the arguments must not reach the terminal, nor the value
    // of a mistyped --pasword=… the log of a script.
    outputError: (text, write) => {
      write(`${printable(withoutSecrets(text.trimEnd())).replaceAll('\\n', '\n')}\n`);
    },
    getOutHelpWidth: () => widthOf(io.stdout),
    getErrHelpWidth: () => widthOf(io.stderr),
    getOutHasColors: () => hasColor(io, io.stdout),
    getErrHasColors: () => hasColor(io, io.stderr),
  });
}

/** What commander quotes of the arguments, unless it looks like a command or an id. */
function withoutSecrets(text: string): string {
  return text
    .replace(/(unknown option '[^'=]*)=[^]*'/, "$1=…'")
    .replace(
      /(unknown command|command-argument value) '([^]*?)'(?= is invalid|\n|$)/,
      (_, what: string, value: string) => `${what} '${/^[\w-]{1,20}$/.test(value) ? value : '…'}'`,
    );
}

/** The help and the version that were asked for are errors of commander's too. */
function passOnHelp(error: unknown): void {
  if ((error as { exitCode?: unknown } | undefined)?.exitCode !== 0) throw error;
}

/** `help emails replay` is `emails replay --help`; a word that is no command is commander's to refuse. */
function withHelp(program: Command, argv: readonly string[]): readonly string[] {
  const [node = '', script = '', first, ...rest] = argv;
  if (first === undefined) return [node, script, '--help'];
  if (first !== 'help') return argv;
  const words = rest.filter((word) => !word.startsWith('-'));
  let command: Command | undefined = program;
  for (const word of words) command = command?.commands.find((one) => one.name() === word);
  return [node, script, ...words, ...(command ? ['--help'] : [])];
}
