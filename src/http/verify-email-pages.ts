import type { ServerResponse } from 'node:http';
import {
  InvalidTokenError,
  MissingTokenError,
  PasswordRequiredError,
  SignUpRefusedError,
  TokenExpiredError,
  ValidationError,
  WrongPasswordError,
} from '../errors.js';
import type { Internals } from '../fluentmeet.js';
import { say } from '../words/say.js';
import { disownAccount } from '../verification/disown-account.js';
import { inspectToken, type TokenState } from '../verification/inspect-token.js';
import { resendVerification } from '../verification/resend-verification.js';
import { findAccountToVerify } from '../verification/find-account-to-verify.js';
import { proveAccount } from '../signup/prove-account.js';
import { clientKey, isOwnForm, type HttpRequest } from './http-request.js';
import { proofPage, type ProofProblem } from './pages/proof-page.js';
import { bodyTypeOf, prefersJson } from './media-type.js';
import { reportError } from './error-reply.js';
import { failureReply } from './page-failure.js';
import { lookOf } from './pages/look.js';
import { buttonForm, type Page, pageReply, type Setting } from './pages/page.js';
import { readerOf } from './pages/reader.js';
import {
  alreadyVerifiedPage,
  confirmPage,
  donePage,
  expiredPage,
  invalidPage,
  removePage,
  verifiedPage,
} from './pages/verification-pages.js';
import { rateLimitersOf } from './rate-limiter.js';
import type { Reply } from './reply.js';
import { type PageForm, queryToken, readPageForm, requireToken, tokenField } from './verify-email-input.js';

const route = 'verify-email';

/** Whether a person reads the answer: opens the link, or sends the page's form, without asking for JSON. */
export function wantsPage(req: HttpRequest): boolean {
  if (req.method === 'HEAD') return true;
  const browsing = req.method === 'GET' || (req.method === 'POST' && bodyTypeOf(req) === 'form');
  return browsing && !prefersJson(req.headers.accept);
}

/** What the link would do if it were used now, or what came of a button, its failures included. */
export async function verifyEmailPage(
  context: Internals,
  req: HttpRequest,
  res: ServerResponse,
): Promise<Reply> {
  const setting = { look: lookOf(context), reader: readerOf(context, req) };
  const limiters = rateLimitersOf(context);
  let form: PageForm | undefined;
  try {
    if (req.method !== 'POST') {
      await limiters.verify(req, res);
      return await stateReply(context, setting, requireToken(queryToken(req)));
    }
    // Also of a form that is one too many, so that its button can be pressed again.
    const counted = limiters.verify(req, res).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    form = await readPageForm(req);
    const excess = await counted;
    if (excess) throw excess.error;
    // The others carry a token, which no other site knows.
    if (form.email !== undefined && !isOwnForm(req, context.config))
      return pageReply(setting, 403, invalidPage(setting));
    if (form.action === 'resend') await limiters.resend(req, res);
    return await act({ ...context, hasher: context.hasher.as({ client: clientKey(req) }) }, setting, form);
  } catch (error) {
    if (error instanceof MissingTokenError || error instanceof InvalidTokenError) {
      reportError(context.logger, route, error);
      return pageReply(setting, 400, invalidPage(setting));
    }
    return failureReply(setting, { ...context, route, res }, error, again(setting, req, form));
  }
}

function again(setting: Setting, req: HttpRequest, form: PageForm | undefined) {
  if (form) return buttonForm(setting, form.fields, say(setting.reader.words, 'try-again'));
  return tokenField(queryToken(req));
}

async function act(context: Internals, setting: Setting, form: PageForm): Promise<Reply> {
  if (form.email !== undefined) {
    await resendVerification(context, { email: form.email });
    return pageReply(setting, 200, donePage(setting, 'resent'));
  }
  const token = requireToken(form.token);
  if (form.step !== 'do') return stateReply(context, setting, token, form);
  try {
    return pageReply(setting, 200, await resultPage(context, setting, { ...form, token }));
  } catch (error) {
    const problem = problemOf(error);
    // In a second tab the account may have been verified, or removed, meanwhile.
    const isOver = error instanceof InvalidTokenError || error instanceof TokenExpiredError;
    if (!problem && !isOver) throw error;
    if (problem) reportError(context.logger, route, error);
    return stateReply(context, setting, token, form, problem);
  }
}

/** What a person can put right in the form of the proof. */
function problemOf(error: unknown): ShownProblem | undefined {
  if (error instanceof PasswordRequiredError) return { status: 403, problem: 'no-password' };
  if (error instanceof WrongPasswordError) return { status: 403, problem: 'wrong-password' };
  if (error instanceof ValidationError) return { status: 400, problem: error.details };
  // The host's own words to this person, of the function that judges passwords.
  if (error instanceof SignUpRefusedError)
    return { status: error.status, problem: { refused: error.message } };
  return undefined;
}

interface ShownProblem {
  status: number;
  problem: ProofProblem;
}

async function resultPage(
  context: Internals,
  setting: Setting,
  { action, token, proof }: PageForm & { token: string },
): Promise<Page> {
  switch (action) {
    case 'verify': {
      const { status } = await proveAccount(context, token, proof);
      return status === 'verified' ? verifiedPage(setting) : alreadyVerifiedPage(setting, undefined);
    }
    case 'resend':
      await resendVerification(context, { token });
      return donePage(setting, 'resent');
    case 'remove':
      await disownAccount(context, token);
      return donePage(setting, 'removed');
  }
}

type StatePage = (setting: Setting, token: string) => Page;

const statePages: Readonly<Record<TokenState, { status: number; page: StatePage }>> = {
  live: { status: 200, page: confirmPage },
  verified: { status: 200, page: alreadyVerifiedPage },
  expired: { status: 400, page: expiredPage },
  invalid: { status: 400, page: invalidPage },
};

/**
 * What the link would do if it were used now. Changes nothing.
 *
 * @param form what was sent: after it the token stays out of every address, those of other languages, too
 */
async function stateReply(
  context: Internals,
  setting: Setting,
  token: string,
  form?: PageForm,
  problem?: ShownProblem,
): Promise<Reply> {
  const removes = form?.action === 'remove' && form.step !== 'do';
  const proof = removes ? undefined : await proofReply(context, setting, token, form, problem);
  if (proof) return proof;
  const state = await inspectToken(context, token);
  // By whichever method: a page that opens tells as much of a token as a button that is pressed.
  if (state === 'invalid') reportError(context.logger, route, new InvalidTokenError());
  const { status, page } =
    removes && state === 'live' ? { status: 200, page: removePage } : statePages[state];
  const shown = page(setting, token);
  return pageReply(setting, status, form ? { ...shown, changeLanguage: undefined } : shown);
}

/** Undefined where none is asked for, or there is nothing left to prove. */
async function proofReply(
  context: Internals,
  setting: Setting,
  token: string,
  form: PageForm | undefined,
  { status, problem }: Partial<ShownProblem> = {},
): Promise<Reply | undefined> {
  const { proof, languages } = context.config;
  const account = proof === 'link' ? null : await findAccountToVerify(context, token);
  if (!account) return undefined;
  const page = proofPage(setting, token, account, {
    languages,
    typed: form && 'full_name' in form.fields ? form.fields : undefined,
    problem: form?.step === 'again' ? 'type-again' : problem,
  });
  return pageReply(setting, status ?? 200, page);
}
