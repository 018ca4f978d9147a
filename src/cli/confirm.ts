import type { Context } from '../context.js';
import { clientSettings } from '../database/connection-string.js';
import { CliError } from './cli-error.js';
import type { Cli } from './cli.js';

export interface Confirmation {
  /** `--yes` was given. */
  yes: boolean;
  /** What will happen and to how many, without its question mark: `Delete 12 dead emails for good`. */
  deed: string;
  /** It reaches everybody: the database's name has to be typed. Default false. */
  wide?: boolean;
}

/** Where nobody can be asked, before anything is looked up. @throws UsageError */
export function demandYes({ prompts }: Cli, yes: boolean): void {
  if (!yes) prompts.demand(['--yes']);
}

/**
 * For what destroys or sends and cannot be taken back: asks, and says in which database.
 *
 * @throws UsageError where nobody can be asked, CliError where the answer is no
 */
export async function confirmOrStop(
  { prompts }: Cli,
  { database, config }: Pick<Context, 'database' | 'config'>,
  { yes, deed, wide = false }: Confirmation,
): Promise<void> {
  if (yes) return;
  const flag = '--yes';
  const [row] = await database.query<{ name: string }>('select current_database() as name');
  const name = row?.name as string;
  const where = `in the database ${name} on ${hostOf(config)}`;
  if (!wide) {
    if (await prompts.confirm({ flag, message: `${deed}, ${where}?` })) return;
    throw new CliError('not confirmed: nothing was changed');
  }
  const typed = await prompts.input({ flag, message: `${deed}, ${where}? Type the database's name` });
  if (typed.trim() !== name) throw new CliError("that is not the database's name: nothing was changed");
}

/** As the operator named it; for a socket its folder. */
function hostOf({ database }: Context['config']): string {
  const host = typeof database === 'string' ? clientSettings(database).host : database.config.host;
  return host || 'this machine';
}
