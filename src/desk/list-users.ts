import { Op } from 'sequelize';
import type { Context } from '../context.js';
import { keysetPage, type PageRequest } from '../database/keyset-page.js';
import { accountAttributes } from './account.js';
import { requireDomain } from './list-emails.js';

/** Conditions add up. */
export interface UserFilter extends PageRequest {
  verified?: boolean | undefined;
  active?: boolean | undefined;
  /** Deleted ones instead of the others. Default false. */
  deleted?: boolean | undefined;
  /** The domain of the address, without its sub-domains. */
  domain?: string | undefined;
  /** Signed up at this time or later. */
  since?: Date | undefined;
  /** Signed up before this time. */
  until?: Date | undefined;
}

/**
 * Newest first, without the passwords' hashes. `next` is the `before` of the next page, or null where there is none.
 *
 * @throws ValidationError (`VALIDATION_ERROR`) for what is no domain, ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function listUsers({ models }: Context, filter: UserFilter = {}) {
  const { verified, active, deleted = false, domain, since, until } = filter;
  const { rows, next } = await keysetPage(
    models.User,
    filter,
    [
      verified !== undefined && { is_verified: verified },
      active !== undefined && { is_active: active },
      { deleted_at: deleted ? { [Op.not]: null } : null },
      // Nothing but letters, digits, dots and hyphens is in a domain.
      domain !== undefined && { email: { [Op.endsWith]: `@${requireDomain(domain)}` } },
      since && { created_at: { [Op.gte]: since } },
      until && { created_at: { [Op.lt]: until } },
    ],
    { attributes: accountAttributes, paranoid: false },
  );
  return { users: rows, next };
}
