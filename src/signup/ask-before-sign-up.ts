import { SignUpRefusedError } from '../errors.js';
import { runHook } from '../hooks.js';
import type { PrepareContext } from './prepare-sign-up.js';
import { chosenFieldsOf, type ParsedSignUp } from './signup-input.js';

/** The host's word on who may sign up. @throws SignUpRefusedError (`SIGNUP_REFUSED`), HookFailedError (`HOOK_FAILED`) */
export async function askBeforeSignUp(
  { config, client }: Pick<PrepareContext, 'config' | 'client'>,
  parsed: ParsedSignUp,
  operator: boolean,
): Promise<void> {
  const { beforeSignUp } = config.hooks;
  if (!beforeSignUp) return;
  const attempt = { email: parsed.email, ...chosenFieldsOf(parsed), client, operator };
  await runHook(
    'beforeSignUp',
    () => beforeSignUp(attempt),
    (error) => error instanceof SignUpRefusedError,
  );
}
