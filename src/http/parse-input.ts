import type { z } from 'zod';
import { ValidationError } from '../errors.js';
import { faultsOf } from '../faults.js';

/** @throws ValidationError naming every fault at once */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ValidationError(faultsOf(result.error));
}
