import { z } from 'zod';
import { altchaPackages } from '../challenge/altcha.js';
import type { Challenge } from '../challenge/require-challenge.js';
import type { Duration } from './duration.js';
import { needsPackages } from './missing-packages.js';
import { count, day, duration } from './option-values.js';

export interface AltchaOptions {
  /** Keys to derive on average, of 5,000 iterations each. Default 500: about a second of a phone. */
  difficulty?: number | undefined;
  /** How long a challenge can be answered: a minute to a day. Default 20 minutes. */
  lifetime?: Duration | undefined;
}

const altchaSchema = z.strictObject({
  difficulty: count(1, 1_000_000).default(500),
  lifetime: duration
    .refine((value) => value >= 60_000 && value <= day, 'must be from a minute to a day')
    .default(20 * 60_000),
});

export const challenge = z
  .union(
    [
      z.custom<Challenge>((value) => typeof value === 'function'),
      z.literal('altcha').transform(() => ({ altcha: altchaSchema.parse({}) })),
      z.strictObject({ altcha: altchaSchema }),
    ],
    { error: "must be a function, 'altcha' or { altcha: { difficulty, lifetime } }" },
  )
  .superRefine(needsPackages(altchaPackages, (value) => typeof value === 'object'))
  .optional();
