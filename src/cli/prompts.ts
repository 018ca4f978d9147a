import { Transform } from 'node:stream';
import { hasColor, type Io } from './io.js';
import { UsageError } from './cli-error.js';
import { printable } from './printable.js';

export interface Question {
  /** The prompt's twin on the command line, named where nobody can be asked. */
  flag: string;
  message: string;
}

/** What is wrong with what was typed, or null. */
export type FindFault = (text: string) => string | null;

export interface Choice<Value> {
  name: string;
  value: Value;
  /** Chosen already, in a `checkbox`. */
  checked?: boolean;
}

/** Questions to the person at the terminal, on stderr. Ctrl-C ends the command with exit code 130. */
export interface Prompts {
  /** stdin is a terminal, and neither CI nor `--no-input` forbids asking. */
  readonly available: boolean;
  /** Where nobody can be asked: names all these flags at once. @throws UsageError */
  demand(flags: readonly string[]): void;
  input(question: Question & { fault?: FindFault; default?: string }): Promise<string>;
  /** Typed twice, shown as asterisks. */
  newPassword(question: Question & { fault?: FindFault }): Promise<string>;
  /** One of many, found by typing a part of its name. */
  search<Value>(question: Question & { choices: readonly Choice<Value>[]; default?: Value }): Promise<Value>;
  checkbox<Value>(question: Question & { choices: readonly Choice<Value>[] }): Promise<Value[]>;
  /** Default answer: no. */
  confirm(question: Question): Promise<boolean>;
}

export function createPrompts(io: Io, { noInput }: { noInput: boolean }): Prompts {
  const available = io.stdin.isTTY === true && !io.env['CI'] && !noInput;

  function demand(flags: readonly string[]): void {
    if (available || flags.length === 0) return;
    throw new UsageError(`missing ${flags.join(', ')}`, `Nobody can be asked: ${whyNot(io, noInput)}.`);
  }

  async function ask<Answer>(flag: string, question: Record<string, unknown>): Promise<Answer> {
    demand([flag]);
    const { default: inquirer } = await import('inquirer');
    const prompt = inquirer.createPromptModule({ input: io.stdin, output: promptStream(io) });
    const answers = await prompt([{ ...question, name: 'answer' } as never]);
    return (answers as { answer: Answer }).answer;
  }

  return {
    available,
    demand,
    input: ({ flag, message, fault, default: initial }) =>
      ask(flag, { type: 'input', message, default: initial, validate: validator(fault) }),
    async newPassword({ flag, message, fault }) {
      const masked = { type: 'password', mask: '*', toggleMask: false };
      const password = await ask<string>(flag, { ...masked, message, validate: validator(fault) });
      await ask<string>(flag, {
        ...masked,
        message: `${message} again`,
        validate: (again: string) => again === password || 'The two are not the same.',
      });
      return password;
    },
    async search({ flag, message, choices, default: initial }) {
      // inquirer pages to its `default`, and matches nothing by itself.
      const shown = choices.map(toChoice);
      return ask(flag, {
        type: 'search',
        message,
        default: initial,
        pageSize: 8,
        source: (term = '') => findChoices(shown, term),
      });
    },
    checkbox: ({ flag, message, choices }) =>
      ask(flag, { type: 'checkbox', message, choices: choices.map(toChoice), pageSize: 12, loop: false }),
    confirm: ({ flag, message }) => ask(flag, { type: 'confirm', message, default: false }),
  };
}

function whyNot({ env, stdin }: Io, noInput: boolean): string {
  if (noInput) return '--no-input was given';
  if (!stdin.isTTY) return 'stdin is no terminal';
  return env['CI'] ? 'CI is set' : '';
}

function validator(fault: FindFault | undefined): ((text: string) => string | true) | undefined {
  return fault && ((text) => fault(text) ?? true);
}

function toChoice<Value>({ name, value, checked }: Choice<Value>): Choice<Value> {
  return { name: printable(name), value, ...(checked === undefined ? {} : { checked }) };
}

/** Names that start with the term before those that only hold it. */
function findChoices<Value>(choices: readonly Choice<Value>[], term: string): Choice<Value>[] {
  const wanted = term.trim().toLowerCase();
  const found = choices.filter(({ name }) => name.toLowerCase().includes(wanted));
  const starts = ({ name }: Choice<Value>): number => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return found.toSorted((one, other) => starts(one) - starts(other));
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
