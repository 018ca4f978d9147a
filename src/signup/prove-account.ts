import type { HasherContext } from '../context.js';
import { PasswordRequiredError, ValidationError, WrongPasswordError } from '../errors.js';
import { renewHash } from '../passwords/renew-hash.js';
import type { User } from '../users/user.js';
import { findAccountToVerify } from '../verification/find-account-to-verify.js';
import { type Proof, verifyEmail, type VerifyResult } from '../verification/verify-email.js';
import { validateSignUp } from './prepare-sign-up.js';
import { type ChosenFields, chosenFieldsOf } from './signup-input.js';

/** What the holder of a link says besides its token, with `proof: 'link-and-password'`. */
export interface ProofInput extends Partial<Record<keyof ChosenFields, unknown>> {
  /** The password chosen at signup. */
  password?: unknown;
  /** A new one, for who did not choose that: it replaces the account's every field by those given here, or by none. */
  new_password?: unknown;
  /** Where the host asks for it: whoever sets the new password is asked again. */
  accepted_terms?: unknown;
}

/**
 * Verifies an account by its link; with `proof: 'link-and-password'` by the password of the signup too. Who does not know
 * that sets a new one, and every stored field with it: nothing that a stranger set survives. Of a verified account nothing
 * is compared, and nothing set.
 *
 * @throws PasswordRequiredError (`PASSWORD_REQUIRED`), WrongPasswordError (`WRONG_PASSWORD`), ValidationError
 *   (`VALIDATION_ERROR`) for a new password or field, ServiceUnavailableError (`SERVICE_UNAVAILABLE`); what `verifyEmail` throws
 */
export async function proveAccount(
  context: HasherContext,
  token: unknown,
  input: ProofInput = {},
): Promise<VerifyResult> {
  if (context.config.proof === 'link') return verifyEmail(context, token);
  const account = await findAccountToVerify(context, token);
  // What there is to say of such a link says the one place that says it of every link.
  if (!account) return verifyEmail(context, token, nothing);
  const proof = await proofOf(context, account, input);
  let known = account;
  const result = await verifyEmail(context, token, proof).catch(async (error: unknown) => {
    if (!(error instanceof WrongPasswordError)) throw error;
    // The stored hash is another than was compared: a log-in may have renewed it meanwhile, of the same password.
    const renewed = await findAccountToVerify(context, token);
    if (!renewed) return verifyEmail(context, token, nothing);
    known = renewed;
    // Whoever sets a new password is asked for no other.
    const again = proof.replace ? { ...proof, knownHash: renewed.hashed_password } : undefined;
    return verifyEmail(context, token, again ?? (await proofOf(context, renewed, input)));
  });
  if (result.status === 'verified' && !proof.replace) {
    // After it, so that of two at once neither finds another hash than it compared.
    const stored = { id: known.id, hash: known.hashed_password };
    await renewHash(context, stored, input.password as string);
  }
  return result;
}

/** Matches no account: only what needs no proof is done with it. */
const nothing: Proof = { knownHash: '' };

async function proofOf(
  context: HasherContext,
  { email, hashed_password }: User,
  input: ProofInput,
): Promise<Proof> {
  const { hasher } = context;
  if (input.new_password !== undefined) {
    const fields = await newFields(context, email, input);
    return { knownHash: hashed_password, replace: fields };
  }
  if (typeof input.password !== 'string' || input.password === '') throw new PasswordRequiredError();
  if (!(await hasher.verify(input.password, hashed_password))) throw new WrongPasswordError();
  return { knownHash: hashed_password };
}

async function newFields(
  context: HasherContext,
  email: string,
  { new_password, ...fields }: ProofInput,
): Promise<NonNullable<Proof['replace']>> {
  const { termsVersion } = context.config.brand;
  const input = { ...fields, email, password: new_password };
  const parsed = await validateSignUp(context, input, termsVersion !== undefined).catch(ofNewPassword);
  return {
    ...chosenFieldsOf(parsed),
    hashed_password: await context.hasher.hash(parsed.password),
    terms_version: termsVersion ?? null,
  };
}

function ofNewPassword(error: unknown): never {
  if (!(error instanceof ValidationError)) throw error;
  throw new ValidationError(
    error.details.map((one) => (one.field === 'password' ? { ...one, field: 'new_password' } : one)),
  );
}
