import type { Candidate, Completable } from './describe-commands.js';
import { flagsWithValue, places, values } from './shell-cases.js';

/** For fish 3.1 and later. */
export function fishScript(all: readonly Completable[]): string {
  const either = (words: readonly string[]): string => words.map(quote).join(' ');
  const cases = (rows: readonly [at: string, code: string][]): string =>
    rows.map(([at, code]) => `        case ${quote(at)}\n            ${code}`).join('\n');
  const list = (candidates: readonly Candidate[]): string =>
    `printf '%s\\t%s\\n' ${candidates.map(({ name, description }) => `${quote(name)} ${quote(description)}`).join(' ')}`;
  return `# fluentmeet: completion for fish
function __fluentmeet_complete
    set -l at ''
    set -l flag ''
    set -l before ''
    set -l typed (commandline -ct)
    for word in (commandline -opc)[2..-1]
        if test -n "$flag"
            set flag ''
            continue
        end
        switch "$at $word"
            case ${either(places(all))}
                set at "$at $word"
                continue
        end
        switch "$word"
            case ${either(flagsWithValue(all))}
                set flag $word
        end
    end
    if test -z "$flag"; and string match -q -- '--*=*' "$typed"
        set flag (string replace -r '=.*' '' -- $typed)
        set before "$flag="
        set typed (string replace -r '^[^=]*=' '' -- $typed)
    end
    if test -z "$flag"; and string match -q -- '-*' "$typed"
        switch "$at"
${cases(all.map(({ at, flags }) => [at, list(flags)]))}
        end
        return
    end
    test -n "$flag"; and set at "$at $flag"
    switch "$at"
${cases(all.filter(({ commands }) => commands.length > 0).map(({ at, commands }) => [at, list(commands)]))}
${cases(values(all).map(({ at, expected }) => [at, expected.file ? '__fish_complete_path $typed' : `printf '%s\\n' "$before"${expected.words.map(quote).join(` "$before"`)}`]))}
    end
end
complete -c fluentmeet -f -a '(__fluentmeet_complete)'
`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
