import { z } from 'zod';

/**
 * Every fault that an input can have, in English for whoever reads the answer. The codes are for programs, and for
 * pages and prompts in other languages: one that stands here stays.
 */
export const faultMessages = {
  BODY_NOT_OBJECT: 'The body must be a JSON object.',

  EMAIL_MISSING: 'Enter an email address.',
  EMAIL_NOT_TEXT: 'The email address must be a string.',
  EMAIL_WITHOUT_AT: 'An email address has an @, as in name@example.com.',
  EMAIL_TOO_LONG: 'The email address is longer than 254 characters.',
  EMAIL_HOLDS_INVISIBLE:
    'The email address holds a space or another character that cannot be seen. Type it anew instead of pasting it.',
  EMAIL_BEGINS_UNSAFE: 'An email address may not begin with -, =, +, | or `.',
  EMAIL_LOCAL_PART_INVALID:
    "The part before the @ may hold unaccented letters, digits, single dots and !#$%&'*+-/=?^_`{|}~.",
  EMAIL_LOCAL_PART_TOO_LONG: 'The part before the @ is longer than 64 characters.',
  EMAIL_DOMAIN_INVALID: 'The part after the @ is not a valid domain, such as example.com.',

  PASSWORD_MISSING: 'Choose a password.',
  PASSWORD_NOT_TEXT: 'The password must be a string.',
  PASSWORD_TOO_SHORT: 'Use at least 8 characters.',
  PASSWORD_TOO_LONG: 'Use at most 1,000 characters.',
  PASSWORD_HOLDS_NUL: 'The password may not hold a NUL character.',
  PASSWORD_MALFORMED: 'The password holds half a character (an unpaired surrogate).',
  PASSWORD_COMMON: 'This password is one of those that attackers try first. Choose another.',
  PASSWORD_PERSONAL:
    'The password may not be your own email address or name, or the name of this service. Choose another.',
  PASSWORD_WEAK: 'This password is too easy to guess.',

  ...lineFaults('FULL_NAME', 'name', 255),
  FULL_NAME_HOLDS_ADDRESS:
    'The name may not hold a web or email address. If it has none, put a space after each full stop.',

  LANGUAGE_NOT_TEXT: 'The language must be a string.',
  LANGUAGE_MALFORMED:
    'Use a language tag such as "en", "fr-CA" or "zh-Hant" (BCP 47), of 35 characters at most.',
  LANGUAGE_UNKNOWN: 'This language is not registered with IANA, or is not one that people speak.',
  LANGUAGE_NOT_OFFERED: 'Choose one of the languages that are offered.',
  LANGUAGES_MISSING: 'Name at least one language.',

  TERMS_NOT_ACCEPTED: 'The terms of service have to be accepted: send accepted_terms: true.',

  IDEMPOTENCY_KEY_MISSING: 'Send the Idempotency-Key of the signup.',
  IDEMPOTENCY_KEY_MALFORMED: 'An Idempotency-Key has 16 to 255 visible ASCII characters.',

  ACTION_UNKNOWN: 'The action must be verify, resend or remove.',
  ACTION_NEEDS_POST: 'A GET only verifies: send this action by POST.',

  CONDITION_UNKNOWN: 'There is no such condition or option.',
  CONDITION_MALFORMED: 'This condition or option has another type or range.',
  NUMBER_OUT_OF_RANGE: 'This number is too small or too large.',
  REASON_NOT_ONE_LINE: 'Give the reason in one line of 500 characters at most.',
  NOTE_NOT_ONE_LINE: 'The note must be one line of 500 characters at most.',
} as const satisfies Readonly<Record<string, string>>;

/** Those of a line that a person writes (`canonicalLine`). @param longest in code points */
function lineFaults<Field extends string>(field: Field, what: string, longest: number) {
  return {
    [`${field}_NOT_TEXT`]: `The ${what} must be a string.`,
    [`${field}_TOO_LONG`]: `The ${what} is longer than ${longest} characters.`,
    [`${field}_HOLDS_CONTROLS`]: `The ${what} may not hold line breaks, control characters or other characters that cannot be seen. Type it anew instead of pasting it.`,
    [`${field}_TURNS_DIRECTION`]: `The ${what} may not hold characters that change the direction of the text.`,
    [`${field}_MALFORMED`]: `The ${what} holds half a character (an unpaired surrogate).`,
  } as Readonly<Record<`${Field}_${LineFault}`, string>>;
}

export type LineFault = 'NOT_TEXT' | 'TOO_LONG' | 'HOLDS_CONTROLS' | 'TURNS_DIRECTION' | 'MALFORMED';

/** A field that has all of those. */
export type LineField = keyof {
  [Code in FaultCode as Code extends `${infer Field}_TURNS_DIRECTION` ? Field : never]: true;
};

export type FaultCode = keyof typeof faultMessages;

/** The codes of one field: `FaultCodeOf<'EMAIL'>` are those that begin with `EMAIL_`. */
export type FaultCodeOf<Field extends string> = Extract<FaultCode, `${Field}_${string}`>;

/** One fault of the input: the field's name, a code for programs, and what is wrong in words. Never the value. */
export interface FaultDetail {
  field: string;
  code: FaultCode;
  message: string;
}

/** The one place where a fault is made. `message` is for those that can say more than their code: a range, a choice. */
export function fault(field: string, code: FaultCode, message: string = faultMessages[code]): FaultDetail {
  return { field, code, message };
}

/**
 * For zod's `error`: the code of a field that is left out, or of another type than text. The code is the message. A check
 * behind it (`.max(100, code)`) brings a code of its own.
 */
export function notText(missing: FaultCode, notString: FaultCode): z.core.$ZodErrorMap {
  return ({ code, input }) =>
    code === 'invalid_type' ? (input === undefined ? missing : notString) : undefined;
}

/** Refuses from within a zod transform or check. */
export function refuse(context: z.core.$RefinementCtx, code: FaultCode, message?: string): never {
  context.addIssue({ code: 'custom', message: code, params: { message } });
  return z.NEVER;
}

/**
 * What zod found, as faults. In our schemas an issue's message is a fault's code (see `notText` and `refuse`).
 *
 * @throws TypeError for a check that has none: a mistake of ours, not of whoever sent the input
 */
export function faultsOf({ issues }: z.ZodError): FaultDetail[] {
  return issues.map((issue) => {
    if (issue.path.length === 0) return fault('body', 'BODY_NOT_OBJECT');
    const field = issue.path.join('.');
    if (!Object.hasOwn(faultMessages, issue.message)) throw new TypeError(`a check of ${field} has no code`);
    const { message } = (issue.code === 'custom' ? issue.params : undefined) ?? {};
    return fault(field, issue.message as FaultCode, message as string | undefined);
  });
}
