import { z } from 'zod';
import { canonicalEmailAddress } from '../users/email-address.js';
import { canonicalFullName } from '../users/full-name.js';
import { canonicalLanguageTag } from '../users/language.js';
import { passwordFault } from '../users/password.js';

/** What a person sends to sign up: the body of POST /signup, and what the CLI asks for. */
export type SignUpInput = z.input<ReturnType<typeof signUpSchema>>;

/** The same, checked and in canonical form. */
export type ParsedSignUp = z.output<ReturnType<typeof signUpSchema>>;

/**
 * The one schema of a signup: it validates HTTP and CLI alike, and the OpenAPI document is generated from it.
 * Keys that it does not name are dropped, so that a body can never set a column.
 */
export function signUpSchema(languages?: readonly string[]) {
  // Kept: zod compiles a schema at its first use, which takes twenty times as long as a validation.
  const key = languages ?? everyLanguage;
  let schema = schemas.get(key);
  if (!schema) {
    schema = createSchema(languages);
    schemas.set(key, schema);
  }
  return schema;
}

const everyLanguage: readonly string[] = [];
const schemas = new WeakMap<readonly string[], ReturnType<typeof createSchema>>();

function createSchema(languages?: readonly string[]) {
  return z.object({
    email: text('is required').transform((value, context) => {
      const email = canonicalEmailAddress(value);
      return email.ok ? email.address : refuse(context, email.message);
    }),
    password: text('is required').superRefine((value, context) => {
      const fault = passwordFault(value);
      if (fault) refuse(context, fault);
    }),
    full_name: text()
      .nullish()
      .transform((value, context) => {
        const name = canonicalFullName(value ?? '');
        return name.ok ? name.name : refuse(context, name.message);
      }),
    speaking_language: languageTag(languages),
    listening_language: languageTag(languages),
    // Of no interest where the host asks for none, so it is never a fault.
    invite: z.string().optional().catch(undefined),
  });
}

/** One field of the schema, as a prompt checks what was typed: null, or what is wrong with it. */
export function fieldFault(
  field: keyof ParsedSignUp,
  value: unknown,
  languages?: readonly string[],
): string | null {
  const result = signUpSchema(languages).shape[field].safeParse(value);
  return result.success ? null : (result.error.issues[0]?.message ?? 'is not valid');
}

function text(missing = 'must be a string') {
  return z.string({ error: ({ input }) => (input === undefined ? missing : 'must be a string') });
}

function languageTag(languages?: readonly string[]) {
  return text()
    .default(!languages || languages.includes('en') ? 'en' : (languages[0] as string))
    .transform((value, context) => {
      const language = canonicalLanguageTag(value);
      if (!language.ok) return refuse(context, language.message);
      if (!languages || languages.includes(language.tag)) return language.tag;
      return refuse(context, `must be one of ${languages.join(', ')}`);
    });
}

function refuse(context: z.core.$RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
