import { ChallengeRequiredError } from '../errors.js';
import { runHook } from '../hooks.js';

/**
 * Whether a signup over HTTP passes the host's challenge: a captcha, a proof of work. True lets it pass; false is answered
 * 403 `CHALLENGE_REQUIRED`. It has 5 seconds, and what it throws is a fault of its own (500).
 */
export type Challenge = (attempt: ChallengeAttempt) => boolean | Promise<boolean>;

export interface ChallengeAttempt {
  /** What was sent beside password and invite: whatever field the widget of the challenge adds is among them. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** As the rate limiter counts clients. */
  readonly client: string | undefined;
}

/** @throws ChallengeRequiredError (`CHALLENGE_REQUIRED`), HookFailedError (`HOOK_FAILED`) */
export async function requireChallenge(
  challenge: Challenge,
  input: unknown,
  client: string | undefined,
): Promise<void> {
  // Some forms ask for the password twice.
  const fields = Object.fromEntries(
    Object.entries(input as Record<string, unknown>).filter(([name]) => !/password|^invite$/i.test(name)),
  );
  await runHook(
    'challenge',
    async () => {
      const passed: unknown = await challenge({ fields, client });
      // A forgotten `return` would let nobody pass, a forgotten `await` everybody.
      if (typeof passed !== 'boolean') throw new TypeError('challenge must answer true or false');
      if (!passed) throw new ChallengeRequiredError();
    },
    (error) => error instanceof ChallengeRequiredError,
  );
}
