import type { HasherContext } from '../context.js';
import {
  EmailAlreadyRegisteredError,
  SignupClosedError,
  SignUpRefusedError,
  ValidationError,
} from '../errors.js';
import { faultsOf } from '../faults.js';
import { runHook } from '../hooks.js';
import { requireInvite } from '../invites/require-invite.js';
import { passwordPolicyFault } from '../passwords/password-policy.js';
import { isEmailTaken } from '../users/is-email-taken.js';
import { type ChosenFields, chosenFieldsOf, type ParsedSignUp, signUpSchema } from './signup-input.js';

export interface PrepareContext extends HasherContext {
  /** Where it comes from, as the rate limiter counts clients: for the host's `beforeSignUp`. */
  readonly client?: string | undefined;
  /** Throws where the challenge is not passed: for a signup over HTTP, which those who call the library have no need of. */
  readonly passChallenge?: (() => Promise<void>) | undefined;
}

export interface PrepareOptions {
  /** The operator's own right: no invite and no tick is asked for, and closed signup is open. Default false. */
  operator?: boolean | undefined;
}

/**
 * A signup that is checked and hashed and only has to be written: what `prepareSignUp` makes and `signUp` takes.
 * Its fields are private where a logger or `JSON.stringify` would find them.
 */
export class PreparedSignUp {
  readonly #user: NewUser;
  readonly #inviteHash: Buffer | undefined;

  constructor(user: NewUser, inviteHash: Buffer | undefined) {
    this.#user = user;
    this.#inviteHash = inviteHash;
  }

  static contentOf(prepared: PreparedSignUp): { user: NewUser; inviteHash: Buffer | undefined } {
    return { user: prepared.#user, inviteHash: prepared.#inviteHash };
  }
}

/** What was asked for, with the hash in the password's place. */
export type NewUser = ChosenFields & {
  email: string;
  hashed_password: string;
  /** Of the terms that the person accepted. */
  terms_version?: string | undefined;
};

/**
 * All of a signup that needs no transaction: validates, checks the invite, looks whether the address is taken, hashes.
 *
 * @throws SignUpRefusedError by the host's hook; ValidationError, SignupClosedError, InviteRequiredError, InviteInvalidError, EmailAlreadyRegisteredError,
 *   ServiceUnavailableError
 */
export async function prepareSignUp(
  context: PrepareContext,
  input: unknown,
  options: PrepareOptions = {},
): Promise<PreparedSignUp> {
  return prepareParsed(context, await parseSignUp(context, input, options), options);
}

/** The same after `parseSignUp`. */
export async function prepareParsed(
  context: PrepareContext,
  parsed: ParsedSignUp,
  options: PrepareOptions = {},
): Promise<PreparedSignUp> {
  const inviteHash = await admitSignUp(context, parsed, options);
  // Before hashing: a 409 should cost no quarter of a second of a core.
  if (await isEmailTaken(context, parsed.email)) throw new EmailAlreadyRegisteredError();
  return hashSignUp(context, parsed, inviteHash);
}

/** @throws SignupClosedError, ValidationError, ServiceUnavailableError where too many passwords wait already */
export async function parseSignUp(
  context: PrepareContext,
  input: unknown,
  { operator = false }: PrepareOptions = {},
): Promise<ParsedSignUp> {
  const { signup, brand } = context.config;
  if (signup === 'closed' && !operator) throw new SignupClosedError();
  // An operator can accept nothing in the place of somebody else.
  const parsed = await validateSignUp(context, input, brand.termsVersion !== undefined && !operator);
  // A flood beyond the queue is sent away before it asks the database for anything.
  context.hasher.requireRoom();
  return parsed;
}

/** Whether this person may sign up: the hash of the invite to redeem, where one is asked for. */
export async function admitSignUp(
  context: PrepareContext,
  parsed: ParsedSignUp,
  { operator = false }: PrepareOptions = {},
): Promise<Buffer | undefined> {
  const { config } = context;
  await context.passChallenge?.();
  const { invite, email } = parsed;
  const needsInvite = config.signup === 'invite' && !operator;
  const inviteHash = needsInvite ? await requireInvite(context, invite, email) : undefined;
  await askBeforeSignUp(context, parsed, operator);
  return inviteHash;
}

export async function hashSignUp(
  context: PrepareContext,
  parsed: ParsedSignUp,
  inviteHash: Buffer | undefined,
): Promise<PreparedSignUp> {
  const { email, password, accepted_terms } = parsed;
  const { termsVersion } = context.config.brand;
  const terms = accepted_terms && termsVersion !== undefined ? { terms_version: termsVersion } : {};
  const hashed_password = await context.hasher.hash(password);
  return new PreparedSignUp({ email, hashed_password, ...chosenFieldsOf(parsed), ...terms }, inviteHash);
}

/** The host's word on who may sign up. @throws SignUpRefusedError (`SIGNUP_REFUSED`), HookFailedError (`HOOK_FAILED`) */
async function askBeforeSignUp(
  { config, client }: PrepareContext,
  parsed: ParsedSignUp,
  operator: boolean,
): Promise<void> {
  const { beforeSignUp } = config.hooks;
  if (!beforeSignUp) return;
  const attempt = { email: parsed.email, ...chosenFieldsOf(parsed), client, operator };
  await runHook(
    'beforeSignUp',
    () => beforeSignUp(attempt),
    (error) => error instanceof SignUpRefusedError,
  );
}

/** Every fault of the fields and of the password at once. @throws ValidationError, ServiceUnavailableError */
export async function validateSignUp(
  { config, hasher }: HasherContext,
  input: unknown,
  asksForTerms: boolean,
): Promise<ParsedSignUp> {
  const result = signUpSchema(config.languages, asksForTerms).safeParse(input);
  const faults = result.error ? faultsOf(result.error) : [];
  if (!faults.some(({ field }) => field === 'password' || field === 'body')) {
    const { password, ...person } = input as { password: string } & Record<string, unknown>;
    const owner = { email: person['email'], fullName: person['full_name'] };
    // A score costs as much as some hashes: none for those who would be sent away.
    const found = await passwordPolicyFault(config, password, owner, () => hasher.requireRoom());
    if (found) faults.push(found);
  }
  if (!result.success || faults.length > 0) throw new ValidationError(faults);
  return result.data;
}
