import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from '../database/database.js';
import { EmailNotVerifiedError } from '../errors.js';
import { type FluentMeet, internalsOf } from '../fluentmeet.js';
import { errorReply } from './error-reply.js';
import { sendReply } from './reply.js';
import { reportError } from './report-error.js';

/** The `id` of one of our `users`; nothing where nobody is logged in. */
export type UserId = number | string | bigint | null | undefined;

/**
 * Keeps unverified accounts out of what the host protects: 403 `EMAIL_NOT_VERIFIED` for an account that is unverified,
 * inactive, deleted or unknown, and where there is no user at all. Mount it behind the host's own authentication.
 *
 * @param userIdOf whom the request acts for; what it throws goes to the host's error handler
 */
export function requireVerified<Req extends IncomingMessage>(
  fluentmeet: FluentMeet,
  userIdOf: (req: Req) => UserId | Promise<UserId>,
): (req: Req, res: ServerResponse, next: (error?: unknown) => void) => void {
  const { database, logger } = internalsOf(fluentmeet);

  async function admit(req: Req, res: ServerResponse, next: (error?: unknown) => void): Promise<void> {
    let userId: UserId;
    try {
      userId = await userIdOf(req);
    } catch (error) {
      next(error);
      return;
    }
    try {
      if (!(await isVerified(database, userId))) throw new EmailNotVerifiedError();
    } catch (error) {
      reportError(logger, 'require-verified', error);
      sendReply(res, errorReply(error));
      return;
    }
    next();
  }

  // Only what the host put in our way (its logger, a patched response) can still fail here.
  return (req, res, next) => void admit(req, res, next).catch(() => res.destroy());
}

async function isVerified(database: Database, userId: UserId): Promise<boolean> {
  // An array of one number reads like that number.
  if (typeof userId === 'object' || !/^\d{1,18}$/.test(String(userId))) return false;
  const rows = await database.query(
    `select from ${database.table('users')} where id = $1 and is_verified and is_active and deleted_at is null`,
    [String(userId)],
  );
  return rows.length > 0;
}
