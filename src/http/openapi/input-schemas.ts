import { z } from 'zod';
import type { Config } from '../../options.js';
import { signUpSchema } from '../../signup/signup-input.js';
import { verifyEmailInput } from '../verify-email-input.js';
import { challengeField } from './challenge-operation.js';
import { signUpDescriptions } from './schemas.js';

export function signUpInput(config: Config | undefined) {
  const asksForTerms = config?.brand.termsVersion !== undefined;
  const schema = inputSchema(signUpSchema(config?.languages, asksForTerms));
  for (const [name, extra] of Object.entries(signUpDescriptions(config))) {
    Object.assign(schema.properties[name] ?? {}, extra);
  }
  Object.assign(schema.properties, challengeField(config));
  // Ignored like any other key, whatever its type, where nobody asks for it.
  if (config && config.signup !== 'invite') delete schema.properties['invite'];
  if (config && !asksForTerms) delete schema.properties['accepted_terms'];
  return schema;
}

/** As with the invite: what is of a proof is ignored where none is asked for. */
export function verifyInput(config: Config | undefined) {
  const schema = inputSchema(verifyEmailInput);
  if (config && config.proof === 'link') {
    const { token, action } = schema.properties;
    schema.properties = { ...(token && { token }), ...(action && { action }) };
  }
  return schema;
}

export function inputSchema(schema: z.ZodType) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest as { properties: Record<string, object> };
}
