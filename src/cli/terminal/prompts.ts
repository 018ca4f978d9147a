import { Transform } from 'node:stream';
import type { DistinctQuestion } from 'inquirer';
import { hasColor, type Io } from './io.js';
import { UsageError } from '../cli-error.js';
import { printable } from './printable.js';

export interface Question {
  /** The prompt's twin on the command line, named where nobody can be asked. */
  flag: string;
  message: string;
}

/** What is wrong with what was typed, or null. */
export type FindFault = (text: string) => string | null | Promise<string | null>;

export interface Choice<Value> {
  name: string;
  value: Value;
}

export interface Search<Value> extends Question {
  choices: readonly Choice<Value>[];
  default?: Value;
}

export type Prompts = ReturnType<typeof createPrompts>;

/** Questions to the person at the terminal, on stderr. Ctrl-C ends the command with exit code 130. */
export function createPrompts(io: Io, { noInput }: { noInput: boolean }) {
  /** stdin is a terminal, and neither CI nor `--no-input` forbids asking. */
  const available = io.stdin.isTTY === true && !io.env['CI'] && !noInput;

  /** Where nobody can be asked: names all these flags at once. @throws UsageError */
  function demand(flags: readonly string[]): void {
    if (available || flags.length === 0) return;
    throw new UsageError(`missing ${flags.join(', ')}`, `Nobody can be asked: ${whyNot(io, noInput)}.`);
  }

  const name = 'answer';

  /** By inquirer's own prompt, on our streams; it takes a moment to load. */
  async function ask<Answer>(flag: string, question: DistinctQuestion<{ answer: unknown }>): Promise<Answer> {
    demand([flag]);
    const { default: inquirer } = await import('inquirer');
    const prompt = inquirer.createPromptModule({ input: io.stdin, output: promptStream(io) });
    return (await prompt<{ answer: unknown }>([question])).answer as Answer;
  }

  return {
    available,
    demand,
    input: ({ flag, message, fault }: Question & { fault?: FindFault }): Promise<string> =>
      ask(flag, { name, type: 'input', message, validate: validator(fault) }),
    /** Typed twice, shown as asterisks. */
    async newPassword({ flag, message, fault }: Question & { fault?: FindFault }): Promise<string> {
      const hidden = { name, type: 'password', mask: '*', toggleMask: false } as const;
      const password = await ask<string>(flag, { ...hidden, message, validate: validator(fault) });
      const isSame = (again: string) => again === password || 'The two are not the same.';
      await ask(flag, { ...hidden, message: `${message} again`, validate: isSame });
      return password;
    },
    /** One of many, found by typing a part of its name; the default one comes first. */
    search<Value>({ flag, message, choices, default: initial }: Search<Value>): Promise<Value> {
      const shown = choices.map(toChoice);
      const source = (term = '') => findChoices(shown, term, initial);
      return ask(flag, { name, type: 'search', message, pageSize: 8, source });
    },
    checkbox<Value>({ flag, message, choices }: Search<Value>): Promise<Value[]> {
      const shown = choices.map(toChoice);
      return ask(flag, { name, type: 'checkbox', message, choices: shown, pageSize: 12, loop: false });
    },
    /** Default answer: no. */
    confirm: ({ flag, message }: Question): Promise<boolean> =>
      ask(flag, { name, type: 'confirm', message, default: false }),
  };
}

function whyNot({ stdin }: Io, noInput: boolean): string {
  if (noInput) return '--no-input was given';
  return stdin.isTTY ? 'CI is set' : 'stdin is not a terminal';
}

/** As inquirer has it: true, or what is wrong. */
function validator(fault: FindFault = () => null): (text: string) => Promise<string | true> {
  return async (text) => (await fault(text)) ?? true;
}

function toChoice<Value>({ name, value }: Choice<Value>): Choice<Value> {
  return { name: printable(name), value };
}

/** Before anything is typed, all of them with the default one first; then names that start with it before the others. */
function findChoices<Value>(
  choices: readonly Choice<Value>[],
  term: string,
  initial: Value | undefined,
): Choice<Value>[] {
  const wanted = term.trim().toLowerCase();
  const found = choices.filter(({ name }) => name.toLowerCase().includes(wanted));
  const isFirst = ({ name, value }: Choice<Value>): boolean =>
    wanted === '' ? value === initial : name.toLowerCase().startsWith(wanted);
  return found.toSorted((one, other) => Number(isFirst(other)) - Number(isFirst(one)));
}

const colors = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;]*m`, 'g');

/** stderr; without colours where they are not wanted, because inquirer does not ask about NO_COLOR. */
function promptStream(io: Io): NodeJS.WritableStream {
  if (hasColor(io, io.stderr)) return io.stderr;
  const plain = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, chunk.toString().replace(colors, ''));
    },
  });
  plain.pipe(io.stderr, { end: false });
  return Object.assign(plain, { columns: io.stderr.columns });
}
