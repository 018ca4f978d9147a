import type { ServerResponse } from 'node:http';
import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import type { Internals } from '../fluentmeet.js';
import { disownAccount } from '../verification/disown-account.js';
import { proveAccount } from '../signup/prove-account.js';
import { clientKey, type HttpRequest, type Middleware } from './http-request.js';
import { endpoint } from './endpoint.js';
import { assetReply } from './pages/look.js';
import { rateLimitersOf } from './rate-limiter.js';
import type { Reply } from './reply.js';
import { resend } from './resend-verification-endpoint.js';
import {
  queryAction,
  queryToken,
  readVerification,
  requireToken,
  type Verification,
} from './verify-email-input.js';
import { verifyEmailPage, wantsPage } from './verify-email-pages.js';

export const emailVerified = {
  status: 'ok',
  message: 'Email successfully verified. You can now log in.',
} as const;

export const accountRemoved = { status: 'ok', message: 'The unverified account was removed.' } as const;

/**
 * GET and HEAD only show what a link would do: mail scanners open links, and must not use one up. A GET that asks for
 * JSON by name is an API client's, and verifies.
 */
export function verifyEmailEndpoint(context: Internals): Middleware {
  const limiters = rateLimitersOf(context);
  const page = async (own: Internals, req: HttpRequest, res: ServerResponse): Promise<Reply> =>
    assetReply(own, req) ?? verifyEmailPage(own, req, res);
  return endpoint(context, 'verify-email', {
    async GET(own, req, res) {
      if (wantsPage(req)) return page(own, req, res);
      await limiters.verify(req, res);
      // No GET does more than verify.
      const asked = queryAction(req);
      if (asked && asked !== 'verify') throw new ValidationError([fault('action', 'ACTION_NEEDS_POST')]);
      // Without a proof: no GET carries a password.
      return act(own, { action: 'verify', token: requireToken(queryToken(req)), proof: {} });
    },
    HEAD: page,
    async POST(own, req, res) {
      if (wantsPage(req)) return verifyEmailPage(own, req, res);
      await limiters.verify(req, res);
      const verification = await readVerification(req);
      if (verification.action === 'resend') await limiters.resend(req, res);
      return act({ ...own, hasher: own.hasher.as({ client: clientKey(req) }) }, verification);
    },
  });
}

async function act(context: Internals, { action, token, proof }: Verification): Promise<Reply> {
  switch (action) {
    case 'verify':
      await proveAccount(context, token, proof);
      return { status: 200, json: emailVerified };
    case 'resend':
      return resend(context, { token });
    case 'remove':
      await disownAccount(context, token);
      return { status: 200, json: accountRemoved };
  }
}
