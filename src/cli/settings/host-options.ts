import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeError } from '../../logger.js';
import type { FluentMeet } from '../../fluentmeet.js';
import type { FluentMeetOptions } from '../../options/options.js';
import { UsageError } from '../cli-error.js';
import type { Io } from '../terminal/io.js';
import { readTexts } from './options-from-env.js';

/**
 * What only code can say (hooks, a function for the blocklist, words): the default export of the module that `--config` or
 * `FLUENTMEET_CONFIG` names, from the working directory. Undefined where neither does.
 *
 * @throws UsageError where it cannot be loaded, or exports no options
 */
export async function loadHostOptions(
  io: Pick<Io, 'env' | 'cwd'>,
  flag: string | undefined,
): Promise<Partial<FluentMeetOptions> | undefined> {
  const named = flag ?? readTexts(io, [])['FLUENTMEET_CONFIG'];
  if (!named) return undefined;
  const from = flag === undefined ? 'FLUENTMEET_CONFIG' : '--config';
  const options = await importDefault(path.resolve(io.cwd, named.trim()), from);
  if (typeof (options as Partial<FluentMeet> | undefined)?.migrate === 'function') {
    throw new UsageError(
      `the module of ${from} exports an instance, not the options of one`,
      'Export what createFluentMeet() is given, as default, and make the instance of it elsewhere.',
    );
  }
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw new UsageError(
    `the module of ${from} has no options as its default export`,
    'For example: export default { hooks: { onVerified(account, { transaction }) { … } } };',
  );
}

/**
 * Closes the host's own Sequelize. No instance does; but this process is the command's, and connections that idle in a pool
 * would keep it for ten seconds after its work.
 */
export async function closeHostDatabase({ database }: Partial<FluentMeetOptions> = {}): Promise<void> {
  if (typeof database === 'object') await database.close();
}

async function importDefault(file: string, from: string): Promise<unknown> {
  try {
    return ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
  } catch (cause) {
    const { name, code, message } = describeError(cause);
    const details = [`${code ?? name}: ${message}`];
    throw new UsageError(`the module of ${from} cannot be loaded`, undefined, { details, cause });
  }
}
