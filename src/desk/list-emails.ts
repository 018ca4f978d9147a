import { Op } from 'sequelize';
import type { Context } from '../context.js';
import { keysetPage, type PageRequest } from '../database/keyset-page.js';
import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import type { EmailStatus } from '../outbox/outbox-email.js';
import { canonicalDomain, requireEmailAddress } from '../users/email-address.js';
import { toEmailDetails, withUser } from './email-details.js';

/** Conditions add up. */
export interface EmailFilter extends PageRequest {
  ids?: readonly number[] | undefined;
  status?: EmailStatus | undefined;
  /** Created at this time or later; with the status `published`, published then. */
  since?: Date | undefined;
  /** Created before this time; with the status `published`, published before. */
  until?: Date | undefined;
  /** The address of the user. */
  email?: string | undefined;
  /** The domain of the user's address, without its sub-domains. */
  domain?: string | undefined;
  /** A part of the last error, in any letter case. */
  error?: string | undefined;
}

/**
 * Newest first. `next` is the `before` of the next page, or null where there is none.
 *
 * @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function listEmails(context: Context, filter: EmailFilter = {}) {
  const { ids, status, since, until, email, domain, error } = filter;
  const { rows, next } = await keysetPage(
    context.models.OutboxEmail,
    filter,
    [
      ids && { id: [...ids] },
      status && { status },
      since && { [timeOf(status)]: { [Op.gte]: since } },
      until && { [timeOf(status)]: { [Op.lt]: until } },
      error !== undefined && { last_error: { [Op.iLike]: `%${literally(error)}%` } },
    ],
    withUser(context, {
      ...(email !== undefined && { email: requireEmailAddress(email) }),
      ...(domain !== undefined && { domain: requireDomain(domain) }),
    }),
  );
  return { emails: rows.map(toEmailDetails), next };
}

/** What a filter's times are of: a night whose mails were lost is the one in which they were published. */
export function timeOf(status: EmailStatus | undefined): 'published_at' | 'created_at' {
  return status === 'published' ? 'published_at' : 'created_at';
}

/** @throws ValidationError (`VALIDATION_ERROR`) */
export function requireDomain(domain: string): string {
  const canonical = canonicalDomain(domain);
  if (canonical === null) throw new ValidationError([fault('domain', 'EMAIL_DOMAIN_INVALID')]);
  return canonical;
}

/** For a pattern of `like`. */
export function literally(text: string): string {
  return text.replace(/[\\%_]/g, String.raw`\$&`);
}
