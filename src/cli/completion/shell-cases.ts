import type { Completable, Expected } from './describe-commands.js';

/** In single quotes, for bash and zsh. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Where each command stands, as a word that the shells compare. */
export function places(all: readonly Completable[]): string[] {
  const known = new Set(all.map(({ at }) => at));
  return [...known].filter((at) => at !== '');
}

/** Flags that take a value, whatever the command: what follows one is no command. */
export function flagsWithValue(all: readonly Completable[]): string[] {
  const names = all.flatMap(({ flags }) => flags.filter(({ value }) => value).map(({ name }) => name));
  return [...new Set(names)];
}

/** What a value may be, by ` emails list --status`. Those that nobody can guess are left out. */
export function values(all: readonly Completable[]): { at: string; expected: Expected }[] {
  return all.flatMap(({ at, flags, argument }) =>
    [
      { at, expected: argument },
      ...flags.flatMap(({ name, value }) => (value ? [{ at: `${at} ${name}`, expected: value }] : [])),
    ].filter(({ expected }) => expected.file || expected.words.length > 0),
  );
}
