import type { Argument, Command, Option } from 'commander';
import { wordsOf } from './flag-values.js';

/**
 * What may stand in the place of the last of these words, a line each: the word, and after a tab what it means; `:files`
 * where it is a file. What is hidden from the help is hidden here.
 *
 * @param words what was typed after `fluentmeet`. bash takes `--flag=value` apart, into three of them
 */
export function complete(program: Command, words: readonly string[]): readonly string[] {
  const typed = words.at(-1) ?? '';
  const [name, ...others] = words.slice(0, -1).filter((word) => word !== '=');
  const helps = name === 'help';
  let command = program;
  let flag: Option | undefined;
  for (const word of helps || name === undefined ? others : [name, ...others]) {
    // The value of a flag is no command, though it may be called like one.
    if (flag) flag = undefined;
    else {
      flag = valueFlag(command, word);
      command = command.commands.find((child) => child.name() === word) ?? command;
    }
  }
  const [assigned = '', assignedTo = ''] = /^(--[^=]+)=/.exec(typed) ?? [];
  flag ??= valueFlag(command, assignedTo);
  if (flag) return valuesOf(flag, /[<[](?:file|module)\W/.test(flag.flags)).map((value) => assigned + value);
  const commands = command.commands.map((child) => line(child.name(), child.description()));
  if (helps) return commands;
  if (typed.startsWith('-')) {
    const flags = flagsOf(command).map(({ long, description }) => line(long as string, description));
    return [...flags, line('--help', 'show this help')];
  }
  if (command === program) return [...commands, line('help', 'show the help of a command')];
  const [argument] = command.registeredArguments;
  return argument ? valuesOf(argument, argument.name() === 'file') : commands;
}

function line(word: string, meaning: string): string {
  return `${word}\t${meaning}`;
}

function flagsOf({ options, parent }: Command): Option[] {
  const own = options.filter(({ hidden, long }) => !hidden && long !== '--version');
  return parent ? [...own, ...flagsOf(parent)] : own;
}

function valueFlag(command: Command, name: string): Option | undefined {
  return flagsOf(command).find(({ long, required, optional }) => long === name && (required || optional));
}

function valuesOf({ parseArg }: Option | Argument, isFile: boolean): readonly string[] {
  return isFile ? [':files'] : wordsOf(parseArg);
}
