import type { Config } from '../options/options.js';
import { fault, type FaultDetail } from '../faults.js';
import { askWithPassword } from './ask-with-password.js';
import { passwordFault } from './password.js';
import { isCommonPassword, isPersonalPassword, type PasswordOwner } from './password-blocklist.js';
import { passwordWeakness } from './password-strength.js';

/**
 * What this host does not take of a password, or null: its form (see `passwordFault`), then the blocklist, then the score.
 *
 * @param given of a body that nobody looked at: what is no text is nobody's
 * @param requireRoom called before the score is worked out, which costs as much as some hashes: what it throws ends it
 * @throws ServiceUnavailableError where too many are waiting for their score; by the host's own
 *   blocklist HookFailedError (`HOOK_FAILED`) or SignUpRefusedError
 */
export async function passwordPolicyFault(
  {
    passwordBlocklist,
    passwordMinScore,
    brand,
  }: Pick<Config, 'passwordBlocklist' | 'passwordMinScore' | 'brand'>,
  password: string,
  given: { [Field in keyof PasswordOwner]: unknown },
  requireRoom?: () => void,
): Promise<FaultDetail | null> {
  const code = passwordFault(password);
  if (code) return fault('password', code);
  const owner: PasswordOwner = { email: textOf(given.email), fullName: textOf(given.fullName) };
  if (typeof passwordBlocklist === 'function') {
    if (await askWithPassword('passwordBlocklist', () => passwordBlocklist(password, owner)))
      return fault('password', 'PASSWORD_COMMON');
  } else if (passwordBlocklist) {
    if (isPersonalPassword(password, owner, brand.name)) return fault('password', 'PASSWORD_PERSONAL');
    if (await isCommonPassword(password)) return fault('password', 'PASSWORD_COMMON');
  }
  if (passwordMinScore === 0) return null;
  requireRoom?.();
  const known = [owner.email, owner.fullName, brand.name].filter((text) => text !== undefined);
  const weakness = await passwordWeakness(passwordMinScore as 1 | 2 | 3 | 4, password, known);
  return weakness === null ? null : fault('password', 'PASSWORD_WEAK', weakness);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
