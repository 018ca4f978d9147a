import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

export type EnvFile = { texts: Readonly<Record<string, string | undefined>> } | { fault: string };

/**
 * The `.env` file of a folder; nothing where there is none. A line that cannot be read is refused: left out in silence,
 * `FLUENTMEET_SIGNUP=closed` is an open door.
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
  const wrong = wrongLine(text);
  return wrong === undefined
    ? { texts: parseEnv(text) }
    : { fault: `line ${wrong} is not of the form NAME=value` };
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

/** As Node reads it: a quoted value may go on over lines, one whose quote does not end stops with its line. */
const entry = /[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.-]*[ \t]*=[ \t]*(?:"[^"]*"|'[^']*'|`[^`]*`)?[^\n]*/y;
const nothing = /[ \t]*(?:#[^\n]*)?(?=\n|$)/y;

/** The first line that is neither a variable nor blank nor a comment. Node leaves some out, and joins others. */
function wrongLine(text: string): number | undefined {
  let at = 0;
  while (at < text.length) {
    const pattern = [nothing, entry].find((one) => {
      one.lastIndex = at;
      return one.test(text);
    });
    if (pattern === undefined) return text.slice(0, at).split('\n').length;
    at = pattern.lastIndex + 1;
  }
  return undefined;
}
