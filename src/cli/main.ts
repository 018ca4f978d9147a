import type { Command } from 'commander';
import { exitCodes, type ExitCode } from './cli-error.js';
import type { Run } from './command.js';
import { interruptionOf } from './interruption.js';
import { hasColor, type Io, processIo, widthOf } from './io.js';
import { printable } from './printable.js';
import { createProgram } from './program.js';

/** Runs one command line. Resolves with the exit code, whatever happens: this is the one place that decides it. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  endQuietlyOnClosedPipe(io);
  const interruption = interruptionOf(io);
  let exitCode: ExitCode | undefined;
  const run: Run =
    (load) =>
    async (...args) => {
      const command = args.pop() as { optsWithGlobals(): Record<string, unknown> };
      const flags = command.optsWithGlobals();
      const { createCli } = await import('./cli.js');
      const cli = createCli(io, flags, interruption);
      const action = await load();
      const own = args.slice(0, -1) as never[];
      exitCode = (await action(cli, ...own, flags as never)) ?? undefined;
    };
  const program = createProgram(run, (root) => speakThrough(root, io));
  try {
    await program.parseAsync(argv.length > 2 ? argv : [...argv, '--help']);
    return exitCode ?? (interruption.happened ? exitCodes.interrupted : exitCodes.done);
  } catch (error) {
    const debug = program.opts()['debug'] === true;
    // What fails after Ctrl-C failed because of it: the terminal sends it to the programs that we run as well.
    if (interruption.happened && !debug) return exitCodes.interrupted;
    const { reportError } = await import('./report-error.js');
    return reportError(io, error, { debug });
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

/** `fluentmeet users list | head -1`: whoever read has read enough. */
function endQuietlyOnClosedPipe(io: Io): void {
  io.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    io.exit(exitCodes.done);
  });
  io.stderr.on('error', () => {});
}
