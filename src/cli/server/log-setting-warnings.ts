import type { Logger } from '../../logger.js';
import type { Io } from '../io.js';
import { settingWarnings } from '../setting-warnings.js';

/** At the start of a server, whose operator need not have asked `doctor`. */
export function logSettingWarnings(io: Pick<Io, 'env' | 'cwd'>, logger: Logger): void {
  for (const { variable, message, advice } of settingWarnings(io)) {
    logger.warn({ event: 'config.doubtful', variable }, `${variable} ${message}. ${advice}`);
  }
}
