import type { Declare } from '../command.js';
import { oneOf } from '../flag-values.js';

export const declareCompletion: Declare = (program, run) => {
  program
    .command('completion')
    .description(
      'Print a script that lets the shell complete commands, flags and their values with the tab key',
    )
    .argument('<shell>', 'bash, zsh or fish', oneOf('bash', 'zsh', 'fish'))
    .notes(
      `
It is read once, at the start of a shell, and asks fluentmeet itself at each tab.`,
    )
    .examples(
      ['source <(fluentmeet completion bash)', 'This bash; as a line of ~/.bashrc, every one'],
      ['source <(fluentmeet completion zsh)', 'In ~/.zshrc, after compinit'],
      ['fluentmeet completion fish > ~/.config/fish/completions/fluentmeet.fish', 'Every fish'],
    )
    .action(run(async () => (await import('./completion.js')).completion));
};
