import { createHash, randomBytes } from 'node:crypto';
import { parseIdempotencyKey } from '../signup/idempotency-key.js';
import { chosenFields, type ChosenFields } from '../signup/signup-input.js';
import type { HttpRequest } from './http-request.js';
import type { ShownPage, SignupValues } from './pages/signup-form.js';
import { readBody } from './read-body.js';

/** What a form of the signup page is for. */
export type SignupAction = 'signup' | 'resend' | 'change' | 'language';

export interface SentForm {
  action: SignupAction;
  /** What is shown again in another language, and where an email was asked for once more. */
  shown: ShownPage;
  values: SignupValues;
  password: string;
  /** Fields that are none of ours: the challenge may know them. */
  others: Readonly<Record<string, string>>;
  /** What the last answer came to. */
  answered: string | undefined;
}

/** @throws what `readBody` throws */
export async function readSignupForm(req: HttpRequest): Promise<SentForm> {
  const body = (await readBody(req, ['form'])) as Record<string, unknown>;
  const text = (name: string): string => (typeof body[name] === 'string' ? body[name] : '');
  const action = actionOf(text('action'));
  const values = {
    ...chosenValues(text),
    email: text('email').trim(),
    invite: text('invite').trim(),
    accepted_terms: text('accepted_terms') === '' ? '' : 'true',
    key: parseIdempotencyKey(text('key')) ?? newKey(),
  };
  const answered = text('answered') || undefined;
  const digest = digestOf(values);
  // Changed after an answer: another signup, and the same one whenever it is sent so.
  if (action === 'signup' && answered !== undefined && answered !== digest)
    values.key = shortHash(values.key + digest);
  return {
    action,
    shown: shownOf(text('shown')),
    values,
    password: text('password'),
    others: otherFields(body),
    answered,
  };
}

/** As many as the widgets of some challenges add; a form of 32 kB can hold thousands. */
const mostOthers = 20;

function otherFields(body: Readonly<Record<string, unknown>>): Record<string, string> {
  const ours = ['action', 'answered', 'password', 'shown', ...Object.keys(emptyValues(''))];
  const others = Object.entries(body).filter(
    (field): field is [string, string] => typeof field[1] === 'string' && !ours.includes(field[0]),
  );
  return Object.fromEntries(others.slice(0, mostOthers));
}

export function actionOf(text: string | null): SignupAction {
  return text === 'resend' || text === 'change' || text === 'language' ? text : 'signup';
}

function shownOf(text: string): ShownPage {
  return text === 'check' || text === 'taken' || text === 'resent' ? text : 'form';
}

/** Of what was typed, to see without script whether it was changed. */
export function digestOf({ key, ...typed }: SignupValues): string {
  void key;
  return shortHash(JSON.stringify(typed));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 32);
}

export function inputOf(values: SignupValues) {
  const { email, invite, accepted_terms } = values;
  return {
    email,
    ...Object.fromEntries(
      Object.entries(chosenValues((name) => values[name])).filter(([, text]) => text !== ''),
    ),
    ...(invite === '' ? {} : { invite }),
    ...(accepted_terms === '' ? {} : { accepted_terms: true }),
  };
}

export function emptyValues(invite: string): SignupValues {
  return {
    ...chosenValues(() => ''),
    email: '',
    invite: invite.trim(),
    accepted_terms: '',
    key: newKey(),
  };
}

function chosenValues(text: (name: keyof ChosenFields) => string): Record<keyof ChosenFields, string> {
  return Object.fromEntries(chosenFields.map((name) => [name, text(name)])) as Record<
    keyof ChosenFields,
    string
  >;
}

export function newKey(): string {
  return randomBytes(24).toString('base64url');
}
