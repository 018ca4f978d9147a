import type { Cli } from '../cli.js';

/** Each asks `fluentmeet __complete` at every tab, so that it knows what the installed version does. */
const scripts = {
  /** For bash 3.2 and later, with or without the package bash-completion. */
  bash: `# fluentmeet: completion for bash
_fluentmeet() {
  local cur=\${COMP_WORDS[COMP_CWORD]} reply word IFS=$'\\n'
  if [[ $cur == '=' ]]; then cur=''; fi
  reply=$("$1" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=()
  if [[ $reply == :files ]]; then
    compopt -o filenames 2>/dev/null
    while read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
  else
    COMPREPLY=($(compgen -W "$(cut -f 1 <<< "$reply")" -- "$cur"))
  fi
}
complete -F _fluentmeet fluentmeet
`,
  /** To be sourced after compinit, or to be kept as a file `_fluentmeet` in the fpath. */
  zsh: `#compdef fluentmeet
# fluentmeet: completion for zsh
_fluentmeet() {
  local -a found
  found=("\${(@f)$("\${(Q)words[1]}" __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $found == *:files ]]; then
    if [[ $PREFIX == --*=* ]]; then compset -P '*='; fi
    _files
  elif [[ -n $found ]]; then
    found=("\${(@)found//$'\\t'/:}")
    _describe fluentmeet found
  fi
}
if [[ \${funcstack[1]} == _fluentmeet ]]; then _fluentmeet "$@"; else compdef _fluentmeet fluentmeet; fi
`,
  /** For fish 3.1 and later. */
  fish: `# fluentmeet: completion for fish
function __fluentmeet_complete
    set -l typed (commandline -ct)
    set -l words (commandline -opc) "$typed"
    set -l found ($words[1] __complete $words[2..-1] 2>/dev/null)
    if string match -q '*:files' -- $found
        __fish_complete_path (string replace -r '^--[^=]*=' '' -- "$typed")
    else
        printf '%s\\n' $found
    end
end
complete -c fluentmeet -f -a '(__fluentmeet_complete)'
`,
};

export async function completion({ io }: Cli, shell: keyof typeof scripts): Promise<void> {
  io.stdout.write(scripts[shell]);
}
