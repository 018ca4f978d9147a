import type { Command, Option } from 'commander';
import type { ExitCode } from './cli-error.js';
import type { Cli } from './cli.js';
import { duration } from './flag-values.js';

/**
 * The work of a command, in a module of its own that is imported only when the command runs. After `cli` come
 * commander's arguments, then the flags. Resolves with nothing when done, with an exit code, or throws.
 */
export type Action<Args extends never[] = never[]> = (cli: Cli, ...args: Args) => Promise<ExitCode | void>;

/** Makes commander's handler of an action: `command.action(run(async () => (await import('./seed.js')).seed))`. */
export type Run = (load: () => Promise<Action>) => (...args: unknown[]) => Promise<void>;

/** Adds a command, its flags and its help to the program. Imports nothing but commander. */
export type Declare = (program: Command, run: Run) => void;

/** Two real ones at least; the first word is always `fluentmeet`. */
export function addExamples(command: Command, ...examples: [line: string, meaning: string][]): Command {
  const lines = examples.map(([line, meaning]) => `  # ${meaning}\n  $ ${line}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n\n')}`);
}

/** `--json`, with the shape of the one document it prints. */
export function addJsonFlag(command: Command, shape: string): Command {
  return command
    .option('--json', 'print the result as JSON')
    .addHelpText('after', `\nWith --json:\n  ${shape}`);
}

/** For what starts along with the database. */
export function addWaitFlag(command: Command): Command {
  return command.option(
    '--wait <duration>',
    'how long to wait for a database that is not reachable yet, or starting up; 0s not at all (default: 30s)',
    duration,
  );
}

export function addRevealFlag(command: Command): Command {
  return command.option('--reveal', 'show addresses and links in full');
}

/** A password comes by prompt or by stdin: an argument can be read in the list of processes and in the shell's history. */
export function addPasswordFlags(command: Command): Command {
  return command
    .option('--password-stdin', 'read the password from stdin')
    .addOption(hidden(command, '--password [value]'));
}

function hidden(command: Command, flags: string): Option {
  return command.createOption(flags).hideHelp();
}
