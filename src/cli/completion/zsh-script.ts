import type { Candidate, Completable } from './describe-commands.js';
import { flagsWithValue, places, quote, values } from './shell-cases.js';

/** To be sourced after compinit, or to be kept as a file `_fluentmeet` in the fpath. */
export function zshScript(all: readonly Completable[]): string {
  const either = (words: readonly string[]): string => words.map(quote).join('|');
  const cases = (rows: readonly [at: string, code: string][]): string =>
    rows.map(([at, code]) => `    ${quote(at)}) ${code} ;;`).join('\n');
  const list = (candidates: readonly Candidate[]): string =>
    `found=(${candidates.map(({ name, description }) => quote(`${name}:${description}`)).join(' ')})`;
  return `#compdef fluentmeet
# fluentmeet: completion for zsh
_fluentmeet() {
  local at='' flag='' word
  local -a found
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $flag ]]; then flag=''; continue; fi
    case "$at $word" in
      ${either(places(all))}) at="$at $word"; continue ;;
    esac
    case "$word" in
      ${either(flagsWithValue(all))}) flag=$word ;;
    esac
  done
  if [[ -z $flag && $PREFIX == --*=* ]]; then
    flag=\${PREFIX%%=*}
    compset -P '*='
  fi
  if [[ -z $flag && $PREFIX == -* ]]; then
    case "$at" in
${cases(all.map(({ at, flags }) => [at, list(flags)]))}
    esac
    _describe -o flag found
    return
  fi
  case "$at\${flag:+ $flag}" in
${cases(all.filter(({ commands }) => commands.length > 0).map(({ at, commands }) => [at, `${list(commands)}; _describe command found`]))}
${cases(values(all).map(({ at, expected }) => [at, expected.file ? '_files' : `compadd -- ${expected.words.map(quote).join(' ')}`]))}
  esac
}
if [[ \${funcstack[1]} == _fluentmeet ]]; then _fluentmeet "$@"; else compdef _fluentmeet fluentmeet; fi
`;
}
