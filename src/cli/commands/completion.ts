import type { Cli } from '../cli.js';
import { bashScript } from '../completion/bash-script.js';
import { describeCommands } from '../completion/describe-commands.js';
import { fishScript } from '../completion/fish-script.js';
import { zshScript } from '../completion/zsh-script.js';
import { createProgram } from '../program.js';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

export async function completion({ io }: Cli, shell: keyof typeof scripts): Promise<void> {
  const program = createProgram(() => async () => {});
  io.stdout.write(scripts[shell](describeCommands(program)));
}
