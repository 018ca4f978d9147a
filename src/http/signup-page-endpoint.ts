import type { ServerResponse } from 'node:http';
import { domainToUnicode } from 'node:url';
import { EmailAlreadyRegisteredError, InviteInvalidError, SignupClosedError } from '../errors.js';
import type { Internals } from '../fluentmeet.js';
import { html } from '../html.js';
import { findUsableInvite, type InviteFor } from '../invites/find-usable-invite.js';
import type { RateLimitName } from '../rate-limit-store.js';
import { readableEmailAddress } from '../readable-email-address.js';
import { resendVerification } from '../verification/resend-verification.js';
import { say } from '../words/say.js';
import { altchaOf, challengeReply } from './challenge-endpoint.js';
import { endpoint } from './endpoint.js';
import { errorReply, reportError } from './error-reply.js';
import { isOwnForm, queryOf, type HttpRequest, type Middleware } from './http-request.js';
import { failureReply } from './page-failure.js';
import { assetReply, lookOf } from './pages/look.js';
import { pageReply, type Setting } from './pages/page.js';
import { readerOf } from './pages/reader.js';
import { formPage, type SignupForm, type SignupValues } from './pages/signup-form.js';
import { checkPage, closedPage, resendForm, resentPage, takenPage } from './pages/signup-pages.js';
import { rateLimitersOf } from './rate-limiter.js';
import {
  actionOf,
  digestOf,
  emptyValues,
  inputOf,
  newKey,
  readSignupForm,
  type SentForm,
  type SignupAction,
} from './read-signup-form.js';
import type { Reply } from './reply.js';
import { ClientGoneError } from './request-errors.js';
import { signUpFor } from './signup-endpoint.js';
import { signUpStatusReply } from './signup-status-endpoint.js';
import { type ChallengeWords, signupProblem } from './signup-problem.js';

export interface SignupPageOptions {
  /** Where mails can be read, for development. */
  mailboxUrl?: string | undefined;
}

/** Which limiter counts it. */
const budgets: Readonly<Record<SignupAction, RateLimitName>> = {
  signup: 'signup',
  resend: 'resend',
  change: 'verify',
  language: 'verify',
};

interface Visit {
  context: Internals;
  setting: Setting;
  req: HttpRequest;
  res: ServerResponse;
}

/** The signup as a page: works without script, and sends its forms to its own path. */
export function signupPageEndpoint(instance: Internals, options: SignupPageOptions): Middleware {
  const visit = (context: Internals, req: HttpRequest, res: ServerResponse): Visit => ({
    context,
    setting: { look: lookOf(context), reader: readerOf(context, req), ...options },
    req,
    res,
  });
  const open = async (context: Internals, req: HttpRequest, res: ServerResponse): Promise<Reply> => {
    const asset = assetReply(context, req);
    if (asset) return asset;
    if (queryOf(req).has('status')) return signUpStatusReply(context, req, res);
    const altcha = queryOf(req).has('challenge') ? altchaOf(context) : undefined;
    if (altcha) return challengeReply(context, req, res, altcha);
    return openPage(visit(context, req, res));
  };
  return endpoint(instance, 'signup-page', {
    GET: open,
    HEAD: open,
    POST: async (context, req, res) => {
      const own = visit(context, req, res);
      // Whoever sent a form reads the answer, whatever came up in making it.
      return answerForm(own).catch((error: unknown) => failed(own, error, ''));
    },
  });
}

async function openPage(visit: Visit): Promise<Reply> {
  // Ours are shorter, and a page repeats it in each of its links.
  const values = emptyValues((queryOf(visit.req).get('invite') ?? '').slice(0, 100));
  try {
    if (values.invite !== '') await rateLimitersOf(visit.context).verify(visit.req, visit.res);
    return await formReply(visit, 200, { values });
  } catch (error) {
    return failed(visit, error, values.invite);
  }
}

function failed({ context, setting, res }: Visit, error: unknown, invite: string): Reply {
  const again = invite === '' ? {} : { invite };
  return failureReply(setting, { ...context, route: 'signup-page', res }, error, again);
}

async function answerForm(visit: Visit): Promise<Reply> {
  const { context, req, res, setting } = visit;
  const count = (budget: RateLimitName) => rateLimitersOf(context)[budget](req, res);
  // By what its address says, before it is read; yet one too many is shown again with all that was typed.
  const counted = budgets[actionOf(queryOf(req).get('action'))];
  const tooMany: unknown = await count(counted).then(
    () => null,
    (error: unknown) => error,
  );
  if (!isOwnForm(req, context.config)) {
    const values = emptyValues('');
    return tooMany ? notDone(visit, tooMany, values) : formReply(visit, 403, { values });
  }
  let sent: SentForm;
  try {
    sent = await readSignupForm(req);
  } catch (error) {
    return failed(visit, tooMany ?? error, '');
  }
  const { action, shown, values, password, others, answered } = sent;
  const check = (sentAgain: boolean) =>
    checkPage(setting, values, { conceals: context.config.duplicates === 'conceal', sentAgain });
  try {
    if (tooMany) throw tooMany as Error;
    if (budgets[action] !== counted) await count(budgets[action]);
    switch (action) {
      case 'change':
        return await formReply(visit, 200, {
          values: { ...values, key: newKey() },
          typeAgain: 'in-any-case',
        });
      case 'language':
        if (shown === 'check') return pageReply(setting, 200, check(false));
        if (shown === 'taken') return pageReply(setting, 200, takenPage(setting, values));
        if (shown === 'resent') return pageReply(setting, 200, resentPage(setting, values));
        return await formReply(visit, 200, { values, answered, ...retyping(password) });
      case 'resend':
        await resendVerification(context, { email: values.email });
        if (shown === 'taken' || shown === 'resent')
          return pageReply(setting, 200, resentPage(setting, values));
        break;
      case 'signup':
        await signUpFor(context, req, res, { ...others, ...inputOf(values), password }, values.key);
    }
    return pageReply(setting, 200, check(action === 'resend'));
  } catch (error) {
    if (action !== 'resend') return notDone(visit, error, values, { others, password });
    const again = say(setting.reader.words, 'try-again');
    const button = resendForm(setting, { ...values, shown }, again, 'first');
    return failureReply(setting, { ...context, route: 'signup-page', res }, error, button);
  }
}

/** The form again, with what to do, or what a person can do where it is of no use. */
async function notDone(
  visit: Visit,
  error: unknown,
  values: SignupValues,
  { others = {}, password = '' }: Partial<SentForm> = {},
): Promise<Reply> {
  const { context, setting, res } = visit;
  if (error instanceof ClientGoneError) throw error;
  reportError(context.logger, 'signup-page', error);
  if (error instanceof SignupClosedError) return pageReply(setting, 403, closedPage(setting));
  if (error instanceof EmailAlreadyRegisteredError) {
    return pageReply(setting, 409, takenPage(setting, { ...values, key: newKey() }));
  }
  const { status, headers = {} } = errorReply(error);
  const retryAfter = Number(headers['Retry-After'] ?? res.getHeader('Retry-After'));
  const problem = signupProblem(setting, error, status, retryAfter, challengeWords(context, others));
  // What may have been written without an answer is asked for again by its own key.
  const key = status === 429 || status >= 500 ? values.key : newKey();
  const answered = digestOf(values);
  const form = { values: { ...values, key }, answered, ...retyping(password), ...problem };
  return formReply(visit, status, form, headers).catch((later: unknown) => {
    // The database went away, or is, and the invite cannot be shown: of an outage the form tells without asking for it.
    if (status >= 500) throw later;
    return notDone(visit, later, values, { others, password });
  });
}

function retyping(password: string): Pick<SignupForm, 'typeAgain'> {
  return password === '' ? {} : { typeAgain: 'without-script' };
}

/** What to do about a challenge that was not passed: ALTCHA's is solved by our script, where there is script. */
function challengeWords({ config }: Internals, others: SentForm['others']): ChallengeWords {
  if (typeof config.challenge !== 'object') return 'signup.challenge.required';
  return 'altcha' in others ? 'signup.challenge.failed' : 'signup.challenge.no-script';
}

async function formReply(
  { context, setting, req }: Visit,
  status: number,
  form: Omit<SignupForm, 'languages' | 'invite' | 'challenge'>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const { signup, languages, challenge: asked } = context.config;
  if (signup === 'closed') return pageReply(setting, 403, closedPage(setting));
  const challenge = typeof asked === 'object' ? asked.altcha.lifetime / 1000 : undefined;
  const asConfigured = { ...form, languages, challenge };
  if (signup === 'open') return pageReply(setting, status, formPage(setting, asConfigured), headers);
  const { words } = setting.reader;
  const { invite: token } = form.values;
  // A page that tells of an outage asks the database for nothing more.
  const invite =
    token === '' || status === 429 || status >= 500 ? null : await readableInvite(context, token);
  const bad = token !== '' && invite === null && status < 429;
  // A refusal of its own as the page is opened, or beside other faults; of any other there is a line already. And whoever
  // turns back after a signup has spent it.
  const isRefusal = form.faults ? !form.faults.invite : req.method !== 'POST';
  if (bad && isRefusal) reportError(context.logger, 'signup-page', new InviteInvalidError());
  const needed = html`${say(words, 'signup.invite-required')}`;
  const faults = { ...(bad && { invite: html`${say(words, 'signup.invite-invalid')}` }), ...form.faults };
  if (token === '' && form.faults) faults.invite = needed;
  const notice =
    form.notice ??
    (token === '' && !form.faults
      ? { title: say(words, 'signup.invite-required.title'), text: needed }
      : undefined);
  const values = invite?.email ? { ...form.values, email: invite.email } : form.values;
  const page = { ...asConfigured, values, invite, faults, ...(notice ? { notice } : {}) };
  return pageReply(setting, status, formPage(setting, page), headers);
}

/** With its domain in the letters that people read. */
async function readableInvite(context: Internals, token: string): Promise<InviteFor | null> {
  const invite = await findUsableInvite(context, token);
  return (
    invite && {
      email: invite.email === null ? null : readableEmailAddress(invite.email),
      domain: invite.domain === null ? null : domainToUnicode(invite.domain),
    }
  );
}
