import { Command, type ErrorOptions } from 'commander';
import { editDistance } from '../edit-distance.js';
import type { ExitCode } from './cli-error.js';
import type { Cli } from './cli.js';
import { duration, rowId, wholeNumber } from './flag-values.js';

/**
 * The work of a command, in a module of its own that is imported only when the command runs. After `cli` come
 * commander's arguments, then the flags. Resolves with nothing when done, with an exit code, or throws.
 */
export type Action<Args extends never[] = never[]> = (cli: Cli, ...args: Args) => Promise<ExitCode | void>;

/** Makes commander's handler of an action: `command.action(run(async () => (await import('./seed.js')).seed))`. */
export type Run = (load: () => Promise<Action>) => (...args: unknown[]) => Promise<void>;

/** Adds a command, its flags and its help to the program. Imports nothing but commander. */
export type Declare = (program: CliCommand, run: Run) => void;

/** A command of commander's with what several of ours have, in their help or among their flags. */
export class CliCommand extends Command {
  override createCommand(name?: string): CliCommand {
    return new CliCommand(name);
  }

  /** Behind a group that runs by itself too (`relay`) a word is a mistyped command, as behind any other group. */
  override error(message: string, options?: ErrorOptions): never {
    if (options?.code !== 'commander.excessArguments' || this.commands.length === 0) {
      return super.error(message, options);
    }
    const [word = ''] = this.args;
    const meant = this.commands
      .map((command) => command.name())
      .find((name) => editDistance(word, name) <= 2);
    return super.error(
      `error: unknown command '${word}'${meant ? `\n(Did you mean ${meant}?)` : ''}`,
      options,
    );
  }

  /** Its whole name: `fluentmeet relay pause`. */
  get path(): string {
    return this.parent instanceof CliCommand ? `${this.parent.path} ${this.name()}` : this.name();
  }

  /** What does not fit into the description, after an empty line. */
  notes(text: string): this {
    return this.addHelpText('after', text);
  }

  /** Two real ones at least; the first word is always `fluentmeet`. */
  examples(...examples: [line: string, meaning: string][]): this {
    const lines = examples.map(([line, meaning]) => `  # ${meaning}\n  $ ${line}`);
    return this.notes(`\nExamples:\n${lines.join('\n\n')}`);
  }

  /** `--json`, with the shape of the one document it prints. */
  json(shape: string): this {
    return this.option('--json', 'print the result as JSON').notes(`\nWith --json:\n  ${shape}`);
  }

  /** For what starts along with the database. */
  wait(): this {
    return this.option(
      '--wait <duration>',
      'how long to wait for a database that is not reachable yet, or starting up; 0s not at all (default: 30s)',
      duration,
    );
  }

  /** What every `list` has: a page at a time, by the ids. */
  page(name: string, shape: string): this {
    return this.option('--before <id>', 'only ids below this one: the next page', rowId)
      .option('--limit <number>', 'how many at most', wholeNumber(1, 10_000), 30)
      .reveal()
      .json(`{ "${name}": [${shape}],\n  "next": 12 | null }   (the --before of the next page)`);
  }

  reveal(): this {
    return this.option('--reveal', 'show addresses and links in full');
  }

  /** By prompt or by stdin: an argument can be read in the list of processes and in the shell's history. */
  passwordFlags(): this {
    return this.option('--password-stdin', 'read the password from stdin').addOption(
      this.createOption('--password [value]').hideHelp(),
    );
  }
}
