import type { HasherContext } from '../context.js';
import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import type { PasswordOwner } from '../passwords/password-blocklist.js';
import { passwordPolicyFault } from '../passwords/password-policy.js';

export interface NewPasswordOptions extends PasswordOwner {
  /** For whom it is done, a network address say: no client holds more than a quarter of the places for hashing. */
  client?: string | undefined;
}

/**
 * What to store for a new password, which has to pass what a signup's does: the host's own blocklist and score, too.
 *
 * @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`); by the host's
 *   `passwordBlocklist` HookFailedError (`HOOK_FAILED`) or SignUpRefusedError (`SIGNUP_REFUSED` or a code of its own)
 */
export async function hashNewPassword(
  { config, hasher }: Pick<HasherContext, 'config' | 'hasher'>,
  password: string,
  { client, ...owner }: NewPasswordOptions = {},
): Promise<string> {
  // Of a body that nobody looked at.
  if (typeof password !== 'string') {
    throw new ValidationError([
      fault('password', password === undefined ? 'PASSWORD_MISSING' : 'PASSWORD_NOT_TEXT'),
    ]);
  }
  const own = hasher.as({ client, share: 'login' });
  own.requireRoom();
  const found = await passwordPolicyFault(config, password, owner, () => own.requireRoom());
  if (found) throw new ValidationError([found]);
  return own.hash(password);
}
