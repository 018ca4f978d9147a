import { CliError } from './cli-error.js';
import type { Cli } from './cli.js';

/** For what cannot be taken back: asks, and where nobody can be asked wants `--yes`. @throws UsageError, CliError */
export async function confirmOrStop(cli: Cli, yes: boolean, message: string): Promise<void> {
  if (yes) return;
  if (!(await cli.prompts.confirm({ flag: '--yes', message }))) throw new CliError('nothing was changed');
}
