import { createHmac, hash } from 'node:crypto';
import type * as AltchaLib from 'altcha-lib';
import type * as Pbkdf2 from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import { ownRequire } from '../own-require.js';
import type { ChallengeAttempt } from './require-challenge.js';

/** An optional peer of this package: most hosts set no challenge. */
export const altchaPackages = ['altcha-lib'] as const;

export interface AltchaSettings {
  readonly secret: string;
  readonly previousSecrets: readonly string[];
  readonly altcha: {
    /** Keys to derive until the right one is found, on average. */
    readonly difficulty: number;
    /** Milliseconds for which a challenge can be answered. */
    readonly lifetime: number;
  };
}

/**
 * Whether a solution may be used now. One that was spent is good for nothing but the same signup again, after a lost answer:
 * that of the same `signup`.
 */
export type SpendSolution = (solution: string, signup: string | undefined) => Promise<boolean>;

/**
 * Iterations for each key. With fewer of them a browser, which takes a tenth of a millisecond to ask for a key, would fall
 * behind a program that does not.
 */
const iterations = 5_000;

/** ALTCHA's proof of work: a small calculation for the device of the person, a large one for who signs up thousands. */
export type Altcha = ReturnType<typeof createAltcha>;

export function createAltcha({ secret, previousSecrets, altcha }: AltchaSettings, spend: SpendSolution) {
  const { difficulty, lifetime } = altcha;
  const secrets = [secret, ...previousSecrets].map(secretsOf);
  return {
    /** A challenge in ALTCHA's own form, which its widget takes as well as our page. */
    async issue(): Promise<object> {
      const { createChallenge, deriveKey, randomInt } = load();
      return createChallenge({
        algorithm: 'PBKDF2/SHA-256',
        cost: iterations,
        // Any of them as likely as the next: whoever gives up early, or begins elsewhere, wins nothing.
        counter: randomInt(2 * difficulty, 0),
        deriveKey,
        expiresAt: new Date(Date.now() + lifetime),
        ...(secrets[0] as Secrets),
      });
    },
    /** Passes a signup whose field `altcha` holds a solution that is ours, right, in time, and not spent. */
    check: async ({ fields, idempotencyKey }: ChallengeAttempt): Promise<boolean> => {
      const payload = parsePayload(fields['altcha']);
      if (!payload || !(await isSolved(payload, secrets))) return false;
      const signup =
        idempotencyKey === undefined
          ? undefined
          : hash('sha256', JSON.stringify([idempotencyKey, fields['email']]), 'base64url');
      return spend(payload.challenge.parameters.nonce, signup);
    },
  };
}

interface Secrets {
  hmacSignatureSecret: string;
  hmacKeySignatureSecret: string;
}

function secretsOf(secret: string): Secrets {
  const derive = (purpose: string) => createHmac('sha256', secret).update(purpose).digest('hex');
  return { hmacSignatureSecret: derive('altcha-challenge:'), hmacKeySignatureSecret: derive('altcha-key:') };
}

const payloadSchema = z.object({
  challenge: z.object({
    parameters: z.looseObject({ nonce: z.string(), keySignature: z.string(), expiresAt: z.number() }),
    signature: z.string(),
  }),
  solution: z.object({ counter: z.number(), derivedKey: z.string() }),
});

type Payload = z.output<typeof payloadSchema>;

/** Of some 600 characters; what is longer is none. */
const mostCharacters = 2_000;

function parsePayload(field: unknown): Payload | undefined {
  if (typeof field !== 'string' || field.length > mostCharacters) return undefined;
  try {
    return payloadSchema.safeParse(JSON.parse(Buffer.from(field, 'base64').toString())).data;
  } catch {
    return undefined;
  }
}

async function isSolved({ challenge, solution }: Payload, secrets: readonly Secrets[]): Promise<boolean> {
  const { deriveKey, verifySolution } = load();
  const parameters = challenge.parameters as unknown as AltchaLib.ChallengeParameters;
  for (const each of secrets) {
    const { verified } = await verifySolution({
      challenge: { ...challenge, parameters },
      solution,
      // By the signature of the key: nothing is derived here.
      deriveKey,
      ...each,
    });
    if (verified) return true;
  }
  return false;
}

type Library = typeof AltchaLib & typeof Pbkdf2;

let library: Library | undefined;

/** With the first challenge, not on import. */
function load(): Library {
  if (!library) {
    const require = ownRequire();
    library = {
      ...(require('altcha-lib') as typeof AltchaLib),
      ...(require('altcha-lib/algorithms/pbkdf2') as typeof Pbkdf2),
    };
  }
  return library;
}
