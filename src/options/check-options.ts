import { z } from 'zod';
import { editDistance } from '../edit-distance.js';
import { InvalidOptionsError } from '../errors.js';

/** What the schema makes of a host's options. @throws InvalidOptionsError naming every wrong one at once, never a value */
export function checkOptions<Schema extends z.ZodType>(
  schema: Schema,
  options: unknown,
  within: readonly string[] = [],
): z.output<Schema> {
  const result = schema.safeParse(options, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return unknownOptions(issue);
      return issue.input === undefined ? 'is missing' : undefined;
    },
  });
  if (result.success) return result.data;
  throw new InvalidOptionsError(
    result.error.issues.map(({ path, message }) => ({ field: [...within, ...path].join('.'), message })),
  );
}

/** Names what is no option, and the one that was likely meant. */
function unknownOptions({ keys, inst }: z.core.$ZodRawIssue<z.core.$ZodIssueUnrecognizedKeys>): string {
  const known = inst instanceof z.ZodObject ? Object.keys(inst.shape) : [];
  const named = keys.map((key) => {
    const meant = known.find((option) => editDistance(key.toLowerCase(), option.toLowerCase()) <= 2);
    return meant === undefined ? key : `${key} (did you mean ${meant}?)`;
  });
  return `there is no option ${named.join(', ')}`;
}
