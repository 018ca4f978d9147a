import type { Transaction } from 'sequelize';
import { z } from 'zod';
import { checkOptions } from './check-options.js';

/** Of a misspelt `transaction` nobody would notice that the signup is committed beside it. @throws InvalidOptionsError (`INVALID_OPTIONS`) */
export function checkSignUpOptions(options: unknown = {}): { transaction: Transaction | undefined } {
  return { transaction: checkOptions(optionsSchema, options, ['signUp']).transaction ?? undefined };
}

const optionsSchema = z.strictObject({
  transaction: z
    .custom<Transaction>(
      (value) => typeof (value as Partial<Transaction>)?.afterCommit === 'function',
      "must be a transaction of the host's Sequelize",
    )
    .nullish(),
  client: z.unknown().optional(),
});
