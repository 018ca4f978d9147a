import { userInfo } from 'node:os';
import { UsageError } from './cli-error.js';

/** Who the operator says to be: `--as`, by default the system's user. It stands in the log beside what they do. */
export function operatorName(given: string | undefined): string {
  const name = given?.trim() ?? systemUser();
  if (name !== '' && name.length <= 100) return name;
  throw new UsageError('--as needs a name of 100 characters at most');
}

/** A process in a container may run under a number that has no name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
