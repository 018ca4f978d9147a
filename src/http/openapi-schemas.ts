import { faultMessages } from '../faults.js';
import type { Config } from '../options.js';
import type { PublicProfile } from '../users/public-profile.js';

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

/** What the zod schema checks by code, in words. */
export function signUpDescriptions(config: Config | undefined): Record<string, object> {
  const languages = config?.languages;
  const language = languages
    ? { description: `One of ${languages.join(', ')}.`, examples: languages }
    : {
        description:
          'A valid BCP 47 tag, such as fr-CA or zh-Hant-TW, in any letter case. White space around it is removed.',
        examples: ['en', 'fr-CA'],
      };
  return {
    email: {
      description:
        'Surrounding white space is removed. At most 254 characters, before the @ ASCII and at most 64.',
      examples: ['user@example.com'],
    },
    password: {
      format: 'password',
      description: '8 to 1,000 characters. Never trimmed or changed.',
      examples: ['a quiet lighthouse keeper'],
    },
    full_name: { description: 'At most 255 characters, and no web address.', examples: ['Ada Lovelace'] },
    speaking_language: language,
    listening_language: language,
    invite: { description: 'The invite token, where one is asked for.' },
  };
}
