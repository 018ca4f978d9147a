import { readFileSync } from 'node:fs';
import path from 'node:path';
import { meantVariable } from './meant-variable.js';
import { variables } from './variables.js';

export type EnvFile = { texts: Readonly<Record<string, string | undefined>> } | { fault: string };

/**
 * The `.env` file of a folder; nothing where there is none. A line that cannot be read is refused: left out in silence,
 * `FLUENTMEET_SIGNUP=closed` is an open door. A variable of another program in the same file is left out: it is no fault of ours.
 */
export function readEnvFile(folder: string): EnvFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path.join(folder, '.env'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { texts: {} } : { fault: `cannot be read (${code ?? 'error'})` };
  }
  const text = decode(bytes);
  if (text === undefined) return { fault: 'is not in UTF-8: save it anew in that encoding' };
  return readEntries(text);
}

/** A byte order mark is left out, at the start of each line: files are put together of others. Lines may end in any way. */
function decode(bytes: Buffer): string | undefined {
  // In UTF-16 every other byte of an ASCII text is 0, which is valid UTF-8.
  if (bytes.includes(0)) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.replaceAll(/\r\n?/g, '\n').replaceAll(/^\ufeff+/gm, '');
  } catch {
    return undefined;
  }
}

/** A quoted value may go on over lines; where the quote does not end, the entry ends with its line. */
const entry = /[^\S\n]*(?:export[^\S\n]+)?(\w[\w.-]*)[^\S\n]*=(?:[^\S\n]*(["'`])([^]*?)\2)?([^\n]*)(?:\n|$)/y;
const nothing = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;

/**
 * What is in the result, `node --env-file` reads alike, but for blanks. Not by Node's parseEnv: that leaves lines out, joins
 * others, cuts values, and takes blanks for part of a name, in each version otherwise.
 */
function readEntries(text: string): EnvFile {
  const texts = new Map<string, string>();
  const faults: { fault: string; of: string | undefined }[] = [];
  let at = 0;
  const matchOf = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const match = matchOf(nothing) ?? matchOf(entry);
    const [whole = '', name, quote, quoted = '', rest = ''] = match ?? [];
    const line = `line ${text.slice(0, at).split('\n').length}`;
    if (!match) {
      faults.push({ fault: `${line} is not of the form NAME=value`, of: undefined });
      break;
    }
    if (name !== undefined) {
      const value = quote ? unescaped(quoted, quote) : plain(rest);
      const unclear = quote ? faultOfQuoted(quoted, rest) : faultOfPlain(rest);
      const fault = unclear ?? faultOfValue(value, quote);
      // Over lines it may hide one of ours, whosever it is.
      const mayHide = unclear !== undefined && quoted.includes('\n');
      if (fault === undefined) texts.set(name, value);
      else faults.push({ fault: `${line} ${fault}`, of: mayHide ? undefined : name });
    }
    at += whole.length;
  }
  const read = Object.fromEntries(texts);
  const first = faults.find(({ of }) => of === undefined || concernsUs(of, read));
  return first ? { fault: first.fault } : { texts: read };
}

/** Not those that libraries read, such as PGHOST: they take them from the environment alone. */
function concernsUs(name: string, texts: Readonly<Record<string, string>>): boolean {
  return variables.some((variable) => variable.name === name) || meantVariable(name, texts) !== undefined;
}

function faultOfQuoted(quoted: string, rest: string): string | undefined {
  // Not every NAME=: the last line of a key in PEM looks like one.
  const lost = [...quoted.matchAll(/\n[^\S\n]*(?:export[^\S\n]+)?(\w+)[^\S\n]*=/g)]
    .map(([, name = '']) => name)
    .find((name) => name.startsWith('FLUENTMEET_') || variables.some((variable) => variable.name === name));
  if (lost !== undefined) return `opens a quote that does not end before ${lost}: close it`;
  if (/^\s*(#|$)/.test(rest)) return undefined;
  const more = quoted.split('\n').length - 1;
  const where = more === 0 ? 'it ends' : `it ends, ${more} ${more === 1 ? 'line' : 'lines'} further`;
  return `opens a quote, and more follows where ${where}: close it, or quote the whole value, with quotes that are not in it`;
}

/** Node cuts at any #, systemd at none: a secret made shorter is a secret that others do not have. */
function faultOfPlain(rest: string): string | undefined {
  if (/^\s*["'`]/.test(rest)) return 'opens a quote that does not end: close it';
  return plain(rest).includes('#')
    ? 'has a # that may be of the value or begin a comment: put the value in double quotes, or a space before the #'
    : undefined;
}

/** Compose and dotenv-expand would put another variable in its place: as it stands, the secret is one that the repository tells. */
function faultOfValue(value: string, quote: string | undefined): string | undefined {
  return quote !== "'" && /\$\{[A-Za-z_][^{}]*\}/.test(value)
    ? 'has a ${NAME}, which is not replaced here: write the value, or put it in single quotes if it is meant as it stands'
    : undefined;
}

function plain(rest: string): string {
  return (rest.split(/\s#/, 1)[0] as string).trim();
}

/** In double quotes alone `\n` is a line break, and nothing else is escaped. */
function unescaped(quoted: string, quote: string): string {
  return quote === '"' ? quoted.replaceAll(String.raw`\n`, '\n') : quoted;
}
