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
  /** The client's `Idempotency-Key`: a second try of the same signup brings the same one, and the same answer of a widget. */
  readonly idempotencyKey: string | undefined;
}

/** @throws ChallengeRequiredError (`CHALLENGE_REQUIRED`), HookFailedError (`HOOK_FAILED`) */
export async function requireChallenge(
  challenge: Challenge,
  input: unknown,
  { client, idempotencyKey }: Pick<ChallengeAttempt, 'client' | 'idempotencyKey'>,
): Promise<void> {
  // Some forms ask for the password twice.
  const fields = Object.fromEntries(
    Object.entries(input as Record<string, unknown>).filter(([name]) => !/password|^invite$/i.test(name)),
  );
  await runHook(
    'challenge',
    async () => {
      const passed: unknown = await challenge({ fields, client, idempotencyKey });
      // A forgotten `return` would let nobody pass, a forgotten `await` everybody.
      if (typeof passed !== 'boolean') throw new TypeError('challenge must answer true or false');
      if (!passed) throw new ChallengeRequiredError();
    },
    (error) => error instanceof ChallengeRequiredError,
  );
}
