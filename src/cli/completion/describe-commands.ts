import type { Argument, Command, Option } from 'commander';
import { wordsOf } from '../flag-values.js';

/** What may stand somewhere: a word, and what it means. */
export interface Candidate {
  name: string;
  description: string;
}

/** What a flag's value or an argument may be: one of these words, a file, or what nobody can guess. */
export interface Expected {
  words: readonly string[];
  file: boolean;
}

export interface CompletableFlag extends Candidate {
  /** Absent where the flag takes no value. */
  value?: Expected;
}

/** What can follow a command, the program itself included. */
export interface Completable {
  /** Each word with a space before it: ` emails list`; empty for the program. */
  at: string;
  commands: readonly Candidate[];
  flags: readonly CompletableFlag[];
  argument: Expected;
}

/** Every command of the program, with what may follow it. What is hidden from the help is hidden here. */
export function describeCommands(program: Command): Completable[] {
  const all = describe(program, '', []);
  // `help emails list`: commands and nothing else.
  const helps = all
    .filter(({ commands }) => commands.length > 0)
    .map(({ at, commands }) => ({ at: ` help${at}`, commands, flags: [], argument: nothing }));
  const [first, ...rest] = all as [Completable, ...Completable[]];
  const help = { name: 'help', description: 'show the help of a command' };
  return [{ ...first, commands: [...first.commands, help] }, ...rest, ...helps];
}

const nothing: Expected = { words: [], file: false };

function describe(command: Command, at: string, inherited: readonly CompletableFlag[]): Completable[] {
  const own = command.options.filter(({ hidden, long }) => !hidden && long !== '--version').map(flagOf);
  const flags = [...own, ...inherited];
  const [argument] = command.registeredArguments;
  const help = { name: '--help', description: 'show this help' };
  return [
    {
      at,
      commands: command.commands.map((child) => ({ name: child.name(), description: child.description() })),
      flags: [...flags, help],
      argument: argument ? expectedOf(argument.name(), argument.argChoices, argument) : nothing,
    },
    ...command.commands.flatMap((child) => describe(child, `${at} ${child.name()}`, flags)),
  ];
}

function flagOf(option: Option): CompletableFlag {
  const { long, description, flags, argChoices } = option;
  const [, placeholder] = /[<[]([^>\]]+)[>\]]/.exec(flags) ?? [];
  return {
    name: long as string,
    description,
    ...(placeholder ? { value: expectedOf(placeholder, argChoices, option) } : {}),
  };
}

function expectedOf(
  placeholder: string,
  choices: readonly string[] | undefined,
  { parseArg }: Pick<Option | Argument, 'parseArg'>,
): Expected {
  return { words: choices ?? wordsOf(parseArg), file: /^(file|module)$/.test(placeholder) };
}
