import { z } from 'zod';
import { pick } from '../pick.js';
import { getOrMake } from '../get-or-make.js';
import { type FaultCode, type FaultDetail, faultsOf, type LineField, notText, refuse } from '../faults.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import { canonicalFullName, longestFullName } from '../users/full-name.js';
import { canonicalLanguageTag } from '../users/language.js';
import { type CanonicalLine, linePattern } from '../users/line.js';
import { passwordFault } from '../passwords/password.js';

/** What a person sends to sign up: the body of POST /signup, and what the CLI asks for. */
export type SignUpInput = z.input<ReturnType<typeof signUpSchema>>;

/** The same, checked and in canonical form. */
export type ParsedSignUp = z.output<ReturnType<typeof signUpSchema>>;

/** What a person says of themself: each is stored in the column of its name, and replaced with a new password (`proof`). */
export type ChosenFields = Omit<ParsedSignUp, (typeof apart)[number]>;

const apart = ['email', 'password', 'invite', 'accepted_terms'] as const;

/**
 * The one schema of a signup: it validates HTTP and CLI alike, and the OpenAPI document is generated from it.
 * Keys that it does not name are dropped, so that a body can never set a column.
 *
 * @param languages the host's; undefined for every one
 * @param asksForTerms whether `accepted_terms: true` is required
 */
export function signUpSchema(languages?: readonly string[], asksForTerms = false) {
  // Kept: zod compiles a schema at its first use, which takes twenty times as long as a validation.
  const known = asksForTerms ? schemasWithTerms : schemas;
  return getOrMake(known, languages ?? everyLanguage, () => createSchema(languages, asksForTerms));
}

const everyLanguage: readonly string[] = [];
const schemas = new WeakMap<readonly string[], ReturnType<typeof createSchema>>();
const schemasWithTerms: typeof schemas = new WeakMap();

function createSchema(languages: readonly string[] | undefined, asksForTerms: boolean) {
  return z.object({
    email: z.string({ error: notText('EMAIL_MISSING', 'EMAIL_NOT_TEXT') }).transform((value, context) => {
      const email = canonicalEmailAddress(value);
      return email.ok ? email.address : refuse(context, email.fault);
    }),
    password: z
      .string({ error: notText('PASSWORD_MISSING', 'PASSWORD_NOT_TEXT') })
      .superRefine((value, context) => {
        const fault = passwordFault(value);
        if (fault) refuse(context, fault);
      }),
    full_name: line('FULL_NAME', longestFullName, canonicalFullName),
    speaking_language: languageTag(languages),
    listening_language: languageTag(languages),
    // Of no interest where the host asks for none, so it is never a fault.
    invite: z
      .string()
      .trim()
      .optional()
      .catch(undefined)
      .meta({ description: 'The invite token, where one is asked for.' }),
    // Likewise.
    accepted_terms: asksForTerms ? requiredTick : ignoredTick,
  });
}

/** One field of the schema, as a prompt checks what was typed: null, or the first thing that is wrong with it. */
export function fieldFault(
  field: keyof ParsedSignUp,
  value: unknown,
  languages?: readonly string[],
): FaultDetail | null {
  const schema = z.object({ [field]: signUpSchema(languages).shape[field] });
  const result = schema.safeParse({ [field]: value });
  return result.success ? null : (faultsOf(result.error)[0] ?? null);
}

const ignoredTick = z.literal(true).optional().catch(undefined);
// Of the same type, so that whoever is asked for nothing may leave it out.
const requiredTick = z.literal(true, {
  error: 'TERMS_NOT_ACCEPTED' satisfies FaultCode,
}) as never as typeof ignoredTick;

/** What a person writes in one line, or leaves out. @param longest in code points */
function line(field: LineField, longest: number, canonical: (text: string) => CanonicalLine) {
  return z
    .string({ error: alwaysText(`${field}_NOT_TEXT`) })
    .nullish()
    .transform((value, context) => {
      const given = canonical(value ?? '');
      return given.ok ? given.text : refuse(context, given.fault);
    })
    .meta({ maxLength: longest, pattern: linePattern, description: `At most ${longest} characters.` });
}

function languageTag(languages?: readonly string[]) {
  return z
    .string({ error: alwaysText('LANGUAGE_NOT_TEXT') })
    .default(defaultLanguage(languages))
    .transform((value, context) => {
      const language = canonicalLanguageTag(value);
      if (!language.ok) return refuse(context, language.fault);
      if (!languages || languages.includes(language.tag)) return language.tag;
      return refuse(context, 'LANGUAGE_NOT_OFFERED', `Choose one of ${languages.join(', ')}.`);
    });
}

/** Of those to choose from, where nobody chooses. */
export function defaultLanguage(languages: readonly string[] = ['en']): string {
  return languages.includes('en') ? 'en' : (languages[0] as string);
}

const alwaysText = (code: FaultCode) => notText(code, code);

/** Their names, in the order of the schema. */
export const chosenFields = Object.keys(signUpSchema().shape).filter(
  (field): field is keyof ChosenFields => !(apart as readonly string[]).includes(field),
);

export function chosenFieldsOf(parsed: ParsedSignUp): ChosenFields {
  return pick(parsed, chosenFields);
}
