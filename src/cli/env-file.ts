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
  const texts = parseEnv(text);
  const wrong = Object.keys(texts).find((name) => !/^[A-Za-z_][\w.-]*$/.test(name));
  return wrong === undefined
    ? { texts }
    : { fault: `line ${lineOf(wrong, text)} is not of the form NAME=value` };
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

/** Node takes what precedes the next `=` for the name, over any number of lines. */
function lineOf(name: string, text: string): number {
  return text.slice(0, text.indexOf(name)).split('\n').length;
}
