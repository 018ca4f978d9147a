import { z } from 'zod';
import { faultMessages } from '../../faults.js';
import type { Config } from '../../options/options.js';
import { type SignUpInput, signUpSchema } from '../../signup/signup-input.js';
import type { PublicProfile } from '../../users/public-profile.js';
import { verifyEmailInput } from '../verify-email-input.js';
import { languageTagPattern } from './language-tag-pattern.js';
import { challengeField } from './signup-operations.js';

const profileProperties: Readonly<Record<keyof PublicProfile, object>> = {
  id: { type: 'integer' },
  email: { type: 'string', format: 'email', description: 'In its canonical form.' },
  full_name: { type: ['string', 'null'] },
  speaking_language: { type: 'string', description: 'A canonical BCP 47 tag.' },
  listening_language: { type: 'string', description: 'A canonical BCP 47 tag.' },
  is_active: { type: 'boolean' },
  is_verified: { type: 'boolean' },
  created_at: { type: 'string', format: 'date-time' },
};

export const profileSchema = exactObject(profileProperties);

export const okSchema = exactObject({
  status: { type: 'string', const: 'ok' },
  message: { type: 'string' },
});

export const errorSchema = exactObject({
  status: { type: 'string', const: 'error' },
  code: { type: 'string' },
  message: { type: 'string' },
  details: {
    type: 'array',
    description: 'The faults of the input; values are not echoed.',
    items: exactObject({
      field: { type: 'string' },
      code: { type: 'string', enum: Object.keys(faultMessages) },
      message: { type: 'string' },
    }),
  },
});

function exactObject(properties: Readonly<Record<string, object>>) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

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

/**
 * What the schema's own descriptions and limits do not say: what it checks by code, as patterns and lengths where they can
 * say it and in words, and what the host's options make of it.
 */
function signUpDescriptions(config: Config | undefined): Partial<Record<keyof SignUpInput, object>> {
  const languages = config?.languages;
  const termsUrl = config?.brand.termsUrl;
  const language = languages
    ? { enum: languages, description: `One of ${languages.join(', ')}, in any letter case.` }
    : {
        pattern: languageTagPattern,
        description:
          'A valid BCP 47 tag, such as fr-CA or zh-Hant-TW, in any letter case. White space around it is removed. The ' +
          'pattern has the usual ones; every other registered language is taken, too.',
        examples: ['en', 'fr-CA'],
      };
  return {
    email: {
      format: 'email',
      maxLength: 254,
      pattern: emailPattern,
      description:
        'Surrounding white space is removed. At most 254 characters, before the @ ASCII and at most 64. An ' +
        'internationalised domain is taken in its own letters as well.',
      examples: ['user@example.com'],
    },
    password: {
      format: 'password',
      minLength: 8,
      maxLength: 1000,
      pattern: passwordPattern,
      description: `8 to 1,000 characters, never trimmed or changed.${passwordPolicy(config)}`,
      examples: ['a quiet lighthouse keeper'],
    },
    full_name: {
      description: 'At most 255 characters, and no web address.',
      examples: ['Ada Lovelace'],
    },
    speaking_language: language,
    listening_language: language,
    accepted_terms: {
      description: termsUrl
        ? `That the person accepts the terms of service, ${termsUrl}.`
        : 'That the person accepts the terms of service, where the host asks for it.',
    },
  };
}

function passwordPolicy(config: Config | undefined): string {
  const blocked =
    config?.passwordBlocklist === false ? '' : ' None of the most used ones, nor the person’s own.';
  const score = config?.passwordMinScore ?? 0;
  return score > 0 ? `${blocked} Of strength ${score} or more (zxcvbn, 0 to 4).` : blocked;
}

/*
 * What validation does, as far as a regular expression can say it (JSON Schema takes those of ECMA-262): what they let
 * through is taken, but for what only a list can tell. White space around a value, which is removed, and the letters of an
 * internationalised domain, which are stored as its A-label, are taken too, and left out here for the sake of what is read
 * by people and by generators of clients.
 */

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

/** See `canonicalEmailAddress`. The last label begins with a letter, as every top-level domain does. */
const emailPattern =
  `^(?![-=+|\`])(?=[^@]{1,64}@)${atom}(?:\\.${atom})*` +
  `@(?:${label}\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`;

/** No NUL. Half a character, which is refused as well, no regular expression of every library can name. */
const passwordPattern = '^[^\\u0000]*$';
