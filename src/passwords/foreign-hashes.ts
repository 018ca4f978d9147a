import { HookFailedError } from '../errors.js';
import { askWithPassword, failureOfHost } from './ask-with-password.js';
import { readPasswordHash } from './password-hash.js';

/** Hashes of another system: those of users who were imported with them, until each has logged in. */
export interface ForeignHashes {
  /** Whether `verify` knows this format. Asked about what is none of ours, at import and whenever it is verified. */
  reads(hash: string): boolean;
  /** Whether it is the password of this hash, which `reads` knows. It has 5 seconds. */
  verify(password: string, hash: string): boolean | Promise<boolean>;
}

/** Whether a password can be compared with it, by us or by the host. @throws HookFailedError (`HOOK_FAILED`) by the host's `reads` */
export function isReadableHash(foreign: ForeignHashes | undefined, hash: string): boolean {
  return readPasswordHash(hash) !== null || isForeignHash(foreign, hash);
}

/**
 * Whether it is no hash of ours and the host's verifier reads it. One line of printable ASCII, as every format of hashes is.
 *
 * @throws HookFailedError (`HOOK_FAILED`) by the host's `reads`
 */
export function isForeignHash(foreign: ForeignHashes | undefined, hash: string): boolean {
  if (!foreign || readPasswordHash(hash) || !/^[\x20-\x7e]{1,1000}$/.test(hash)) return false;
  const name = 'foreignHashes.reads';
  let answer: unknown;
  try {
    answer = foreign.reads(hash);
  } catch (error) {
    throw failureOfHost(name, error);
  }
  if (answer instanceof Promise) answer.catch(() => undefined);
  if (typeof answer !== 'boolean') throw new HookFailedError(name, 'answered neither true nor false');
  return answer;
}

/**
 * What the host says of a hash that `isForeignHash`. It is not asked about a password that nobody could have here (see
 * `passwordFault`).
 *
 * @throws HookFailedError (`HOOK_FAILED`) by the host's `verify`
 */
export async function verifyForeignHash(
  foreign: ForeignHashes,
  password: string,
  hash: string,
): Promise<boolean> {
  if (/[\0\p{Surrogate}]/u.test(password)) return false;
  return askWithPassword('foreignHashes.verify', () => foreign.verify(password, hash));
}
