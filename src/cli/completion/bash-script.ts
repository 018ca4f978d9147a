import type { Completable } from './describe-commands.js';
import { flagsWithValue, places, quote, values } from './shell-cases.js';

/** For bash 3.2 and later, with or without the package bash-completion. */
export function bashScript(all: readonly Completable[]): string {
  const either = (words: readonly string[]): string => words.map(quote).join('|');
  const cases = (rows: readonly [at: string, reply: string][]): string =>
    rows.map(([at, reply]) => `    ${quote(at)}) ${reply} ;;`).join('\n');
  const words = (list: readonly string[]): string => `reply=${quote(list.join(' '))}`;
  return `# fluentmeet: completion for bash
_fluentmeet() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at='' flag='' word i reply='' files=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # bash takes --flag=value apart.
    if [[ $word == '=' ]]; then continue; fi
    if [[ $flag ]]; then flag=''; continue; fi
    case "$at $word" in
      ${either(places(all))}) at="$at $word"; continue ;;
    esac
    case "$word" in
      ${either(flagsWithValue(all))}) flag=$word ;;
    esac
  done
  if [[ $cur == '=' ]]; then cur=''; fi
  COMPREPLY=()
  if [[ $cur == -* && ! $flag ]]; then
    case "$at" in
${cases(all.map(({ at, flags }) => [at, words(flags.map(({ name }) => name))]))}
    esac
  else
    case "$at\${flag:+ $flag}" in
${cases(all.filter(({ commands }) => commands.length > 0).map(({ at, commands }) => [at, words(commands.map(({ name }) => name))]))}
${cases(values(all).map(({ at, expected }) => [at, expected.file ? 'files=1' : words(expected.words)]))}
    esac
  fi
  if [[ $files ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
  else
    COMPREPLY=($(compgen -W "$reply" -- "$cur"))
  fi
}
complete -F _fluentmeet fluentmeet
`;
}
