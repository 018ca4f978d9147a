/**
 * Writes src/passwords/common-passwords.ts from the list of @zxcvbn-ts/language-common, which is a tool of this repository
 * and not of its hosts: npm run generate:passwords
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dictionary } from '@zxcvbn-ts/language-common';

export const commonPasswordsPath = fileURLToPath(
  new URL('../src/passwords/common-passwords.ts', import.meta.url),
);

/** The most used passwords that are long enough to be chosen here, commonest first. */
export function listedPasswords(): string[] {
  return dictionary['passwords-common'].filter((password) => Array.from(password).length >= 8);
}

export function renderCommonPasswords(): string {
  const list = listedPasswords();
  const odd = list.filter((password) => /\s/.test(password) || password !== password.toLowerCase());
  if (odd.length > 0) throw new Error(`the list has changed its form: ${odd[0]}`);
  const lines: string[] = [];
  for (const password of list) {
    const last = lines.at(-1);
    if (last === undefined || last.length + password.length > 1900) lines.push(password);
    else lines[lines.length - 1] = `${last} ${password}`;
  }
  const text = lines.join('\n').replace(/[\\`$]/g, '\\$&');
  return (
    `// Made by docs/generate-common-passwords.ts: in lower case, commonest first, from @zxcvbn-ts/language-common\n` +
    `// ${packageFile('package.json').match(/"version": "([^"]+)"/)?.[1]}, whose licence is:\n//\n` +
    `${packageFile('LICENSE.txt').trim().replace(/^/gm, '// ').replace(/ +$/gm, '')}\n\n` +
    `export const commonPasswords: string = \`${text}\`;\n`
  );
}

function packageFile(name: string): string {
  const entry = createRequire(import.meta.url).resolve('@zxcvbn-ts/language-common');
  return readFileSync(path.join(entry, '../..', name), 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeFile(commonPasswordsPath, renderCommonPasswords());
