import { z } from 'zod';
import { InvalidTokenError, MissingTokenError, ValidationError } from '../errors.js';
import { fault, type FaultCode } from '../faults.js';
import type { ProofInput } from '../signup/prove-account.js';
import { chosenFields, type ChosenFields } from '../signup/signup-input.js';
import { parseTokenValue } from '../verification/token-value.js';
import { bodyTypeOf } from './media-type.js';
import { type HttpRequest, queryOf } from './http-request.js';
import type { Step } from './pages/verification-pages.js';
import { isBodyless, parseInput, readBody } from './read-body.js';

export interface Verification {
  token: string;
  /** What the link is used for: by the page's buttons, or by API clients that want the same. */
  action: VerificationAction;
  /** Of interest with `proof: 'link-and-password'` alone. */
  proof: ProofInput;
}

export type VerificationAction = z.output<typeof verifyEmailInput>['action'];

export const actions = ['verify', 'resend', 'remove'] as const;

const actionUnknown: FaultCode = 'ACTION_UNKNOWN';

/** Of the OpenAPI document: what stands around a token is looked over all the same. */
export const tokenSchema = {
  type: 'string',
  format: 'uuid',
  // Of version 8.
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  description: 'The token of the verification link.',
} as const;

export const verifyEmailInput = z.object({
  // Not z.string(): what is wrong with a token has error codes of its own.
  token: z.unknown().optional().meta(tokenSchema),
  action: z.enum(actions, { error: actionUnknown }).default('verify').meta({
    description:
      '`verify` the address; `resend` the email of an expired link; `remove` the unverified account ("this wasn\'t me").',
  }),
  // Checked where the host asks for a proof, and ignored where it does not.
  password: proofField('The password chosen at signup, where the host asks for it besides the link.'),
  new_password: proofField(
    'In its place: a new password. It replaces every field of the account by those given here, or by none.',
  ),
  ...(Object.fromEntries(chosenFields.map((name) => [name, proofField('With `new_password`.')])) as Record<
    keyof ChosenFields,
    ReturnType<typeof proofField>
  >),
  accepted_terms: z.unknown().optional().meta({
    type: 'boolean',
    description: 'With `new_password`, where the host asks that its terms of service are accepted.',
  }),
});

function proofField(description: string) {
  return z.unknown().optional().meta({ type: 'string', description });
}

/**
 * The token and action of a POST: from a JSON or form body, or from the query. Two that differ are none: nobody who asks for
 * another action beside the link must have verified by it.
 *
 * @throws ValidationError, MissingTokenError, InvalidTokenError
 */
export async function readVerification(req: HttpRequest): Promise<Verification> {
  const body = isBodyless(req) ? {} : await readBody(req, ['json', 'form']);
  const { token, action, proof } = readLink(req, body);
  return { token: requireToken(token), action, proof: readTick(req, proof) };
}

function readLink(req: HttpRequest, body: unknown) {
  const { token, action, ...proof } = parseInput(verifyEmailInput, body);
  const inQuery = queryToken(req);
  if (token && inQuery && token !== inQuery) throw new InvalidTokenError();
  const asked = queryAction(req);
  const named = (body as { action?: unknown } | undefined)?.action;
  if (asked && named !== undefined && asked !== action)
    throw new ValidationError([fault('action', actionUnknown)]);
  return { token: token ?? inQuery, action: asked ?? action, proof };
}

/** `?action=…` of an API client. @throws ValidationError */
export function queryAction(req: HttpRequest): VerificationAction | undefined {
  const [action, ...more] = queryOf(req).getAll('action');
  if (action === undefined) return undefined;
  const known = actions.find((one) => one === action);
  if (!known || more.length > 0) throw new ValidationError([fault('action', actionUnknown)]);
  return known;
}

/** What a page's form says: its fields, and what they mean. */
export interface PageForm {
  /** What sends the same once more, but for the passwords: no page carries one. */
  fields: Readonly<Record<string, string>>;
  action: VerificationAction;
  /**
   * `ask` shows the page that asks before the action, `again` does where a password was typed that it cannot show. One that
   * removes is always asked first.
   */
  step: Step;
  token: unknown;
  /** A field that was left empty is none; a new password is, for it says which form was sent. */
  proof: ProofInput;
  /** Whom to send a link (`resend`), where there is none to tell it by. */
  email: string | undefined;
}

/** @throws ValidationError, InvalidTokenError */
export async function readPageForm(req: HttpRequest): Promise<PageForm> {
  const body = (isBodyless(req) ? {} : await readBody(req, ['form'])) as Record<string, unknown>;
  const { token, action, proof } = readLink(req, body);
  const { email, step } = body;
  const secret = [proof.password, proof.new_password].some((value) => value !== undefined && value !== '');
  const asks = step === 'ask' || step === 'again' || (action === 'remove' && step !== 'do');
  const fields = keptFields.flatMap((name) => {
    const value = body[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return {
    fields: {
      ...Object.fromEntries(fields),
      // Where the query had them: the page's own path has none.
      action,
      ...tokenField(token),
      ...(secret ? { step: 'again' } : {}),
    },
    action,
    proof: readTick(
      req,
      Object.fromEntries(
        Object.entries(proof).filter(([name, value]) => value !== '' || name === 'new_password'),
      ),
    ),
    step: asks ? (secret || step === 'again' ? 'again' : 'ask') : 'do',
    token,
    email: action === 'resend' && typeof email === 'string' ? email : undefined,
  };
}

const keptFields = ['action', 'step', 'email', ...chosenFields, 'accepted_terms'];

/** A form has text alone. */
function readTick(req: HttpRequest, proof: ProofInput): ProofInput {
  const ticked = bodyTypeOf(req) === 'form' && proof.accepted_terms === 'true';
  return ticked ? { ...proof, accepted_terms: true } : proof;
}

/**
 * `?token=…`. A mail program that shows HTML's own spelling of a link makes `&amp;token=…` of it, one that encodes it once more `token%3D…`.
 */
export function queryToken(req: HttpRequest): unknown {
  const values = [...queryOf(req)].flatMap(([name, value]) => {
    const named = /^(?:amp;)*token(?:=(.*))?$/s.exec(name);
    return named ? [(named[1] ?? '') + value] : [];
  });
  return values.length > 1 ? values : values[0];
}

/** In its one spelling: a page repeats it in each of its links. @throws MissingTokenError, InvalidTokenError */
export function requireToken(token: unknown): string {
  if (token === undefined || token === null || token === '') throw new MissingTokenError();
  const value = parseTokenValue(token);
  if (value === null) throw new InvalidTokenError();
  return value;
}

/** What opens or sends the same once more: nothing of what is no token. */
export function tokenField(token: unknown): Readonly<Record<string, string>> {
  const value = parseTokenValue(token);
  return value === null ? {} : { token: value };
}
