import type { Internals } from '../fluentmeet.js';
import { InvalidTokenError, MissingTokenError, TokenExpiredError } from '../errors.js';
import { disownAccount } from '../verification/disown-account.js';
import { inspectToken, type TokenState } from '../verification/inspect-token.js';
import { verifyEmail } from '../verification/verify-email.js';
import { errorReply } from './error-reply.js';
import { bodyTypeOf, prefersJson } from './media-type.js';
import type { HttpRequest } from './middleware.js';
import { type Page, pageReply } from './pages/page.js';
import {
  alreadyVerifiedPage,
  confirmPage,
  expiredPage,
  failurePage,
  invalidPage,
  removedPage,
  resentPage,
  verifiedPage,
} from './pages/verification-pages.js';
import type { Reply } from './reply.js';
import { resend } from './resend-verification-endpoint.js';
import { queryToken, requireToken, type Verification } from './verify-email-input.js';

/** Whether a person reads the answer: opens the link, or sends the page's form, without asking for JSON. */
export function wantsPage(req: HttpRequest): boolean {
  if (req.method === 'HEAD') return true;
  const browsing = req.method === 'GET' || (req.method === 'POST' && bodyTypeOf(req) === 'form');
  return browsing && !prefersJson(req.headers.accept);
}

/** What the link would do if it were used now. Changes nothing. */
export async function linkPage(context: Internals, req: HttpRequest): Promise<Reply> {
  const token = requireToken(queryToken(req));
  return statePage(await inspectToken(context, token), token);
}

/** Does what a page's button says, and shows what came of it. */
export async function actOnPage(context: Internals, verification: Verification): Promise<Reply> {
  const { token } = verification;
  try {
    return pageReply(200, await resultPage(context, verification));
  } catch (error) {
    if (!(error instanceof InvalidTokenError || error instanceof TokenExpiredError)) throw error;
    // In a second tab the account may have been verified, or removed, meanwhile.
    return statePage(await inspectToken(context, token), token);
  }
}

async function resultPage(context: Internals, { action, token }: Verification): Promise<Page> {
  switch (action) {
    case 'verify': {
      const { status } = await verifyEmail(context, token);
      return status === 'verified' ? verifiedPage : alreadyVerifiedPage;
    }
    case 'resend':
      await resend(context, { token });
      return resentPage;
    case 'remove':
      await disownAccount(context, token);
      return removedPage;
  }
}

const statePages: Readonly<Record<TokenState, { status: number; page: (token: string) => Page }>> = {
  live: { status: 200, page: confirmPage },
  verified: { status: 200, page: () => alreadyVerifiedPage },
  expired: { status: 400, page: expiredPage },
  invalid: { status: 400, page: () => invalidPage },
};

function statePage(state: TokenState, token: string): Reply {
  const { status, page } = statePages[state];
  return pageReply(status, page(token));
}

/** The same status and headers as for an API client, as a page where a person reads it. */
export function errorReplyFor(error: unknown, req: HttpRequest): Reply {
  const reply = errorReply(error);
  if (!wantsPage(req)) return reply;
  const page =
    error instanceof MissingTokenError || error instanceof InvalidTokenError
      ? invalidPage
      : failurePage('That did not work', reply.json.message);
  return pageReply(reply.status, page, reply.headers);
}
