import { withDeadline } from '../deadline.js';
import { HookFailedError, SignUpRefusedError } from '../errors.js';

/** Milliseconds: a look-up elsewhere that hangs must not hold the person's request. */
const patience = 5_000;

/**
 * Asks a function of the host's that is handed a password, and takes no answer but true or false.
 *
 * What it throws may hold the password: a client of HTTP quotes the URL, a parser what it read. Of it only the kind is kept.
 *
 * @param name the option's
 * @throws HookFailedError (`HOOK_FAILED`); a SignUpRefusedError as it is, which is the host's own word to the person
 */
export async function askWithPassword(name: string, ask: () => boolean | Promise<boolean>): Promise<boolean> {
  let answer: unknown;
  const late = new HookFailedError(name, 'took longer than 5 s');
  try {
    answer = await withDeadline((async () => ask())(), patience, () => late);
  } catch (error) {
    if (error === late || error instanceof SignUpRefusedError) throw error;
    throw failureOfHost(name, error);
  }
  // A forgotten `return` would let every password pass, or none.
  if (typeof answer !== 'boolean') throw new HookFailedError(name, 'answered neither true nor false');
  return answer;
}

/** Of what a function of the host's threw that was handed a secret, only the kind. */
export function failureOfHost(name: string, error: unknown): HookFailedError {
  return new HookFailedError(name, `failed (${kindOf(error)})`);
}

/** `TypeError ENOTFOUND`: the names of a class and of the system's own errors, never a text that somebody wrote. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no error, but another value';
  const codes = [error, error.cause].map((one) => (one as { code?: unknown } | undefined)?.code);
  const code = codes.find(
    (one) => typeof one === 'string' && /^(?:E[A-Z]{3,15}|UND_ERR_[A-Z_]{3,30})$/.test(one),
  );
  const { name } = error.constructor;
  return [/^[A-Z]\w{0,40}$/.test(name) ? name : 'Error', code].filter(Boolean).join(' ');
}
