import type { IncomingMessage, ServerResponse } from 'node:http';
import { EmailNotVerifiedError } from '../errors.js';
import { type FluentMeet, internalsOf } from '../fluentmeet.js';
import type { Models } from '../models.js';
import { errorReply, reportError } from './error-reply.js';
import { type Reply, sendReply } from './reply.js';
import { forRequest } from './request-id.js';

/** The `id` of one of our `users`; nothing where nobody is logged in. */
export type UserId = number | string | bigint | null | undefined;

/**
 * Keeps unverified accounts out of what the host protects: 403 `EMAIL_NOT_VERIFIED` for an account that is unverified,
 * inactive, deleted or unknown, and where there is no user at all. Mount it behind the host's own authentication.
 *
 * @param userIdOf whom the request acts for; what it throws goes to the host's error handler
 * @throws TypeError where it is no function: at once, and not at the first request
 */
// Any: what the host's authentication adds to a request (`req.session`, `req.user`) is the host's to know.
// oxlint-disable-next-line typescript/no-explicit-any
export function requireVerified<Req extends IncomingMessage = any>(
  fluentmeet: FluentMeet,
  userIdOf: (req: Req) => UserId | Promise<UserId>,
): (req: Req, res: ServerResponse, next: (error?: unknown) => void) => void {
  const { models, logger } = internalsOf(fluentmeet);
  if (typeof userIdOf !== 'function') {
    throw new TypeError(
      'requireVerified(fluentmeet, userIdOf) needs a function that says whose request it is, by the id of our account: (req) => req.session.userId',
    );
  }

  async function refuse(req: Req, userId: UserId): Promise<Reply | undefined> {
    try {
      if (await isVerified(models, userId)) return undefined;
      throw new EmailNotVerifiedError();
    } catch (error) {
      reportError(forRequest({ logger }, req).logger, 'require-verified', error);
      return errorReply(error);
    }
  }

  async function admit(req: Req, res: ServerResponse, next: (error?: unknown) => void): Promise<void> {
    try {
      const reply = await refuse(req, await userIdOf(req));
      if (reply) return sendReply(res, reply);
    } catch (error) {
      // Of the host: whom the request acts for, its logger, a patched response.
      return next(error);
    }
    next();
  }

  return (req, res, next) => void admit(req, res, next);
}

async function isVerified({ User }: Models, userId: UserId): Promise<boolean> {
  // An array of one number reads like that number.
  if (typeof userId === 'object' || !/^\d{1,18}$/.test(String(userId))) return false;
  const where = { id: String(userId), is_verified: true, is_active: true };
  return (await User.count({ where })) > 0;
}
