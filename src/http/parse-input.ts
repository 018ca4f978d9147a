import type { z } from 'zod';
import { ValidationError } from '../errors.js';

/** @throws ValidationError naming every fault at once */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ValidationError(
    result.error.issues.map(({ path, message }) =>
      path.length === 0
        ? { field: 'body', message: 'must be a JSON object' }
        : { field: path.join('.'), message },
    ),
  );
}
