import { randomBytes } from 'node:crypto';
import { literal } from 'sequelize';
import type { Context } from '../context.js';
import { ValidationError } from '../errors.js';
import { fault, type FaultDetail } from '../faults.js';
import { domainOf } from '../domain-of.js';
import { isOneLine } from '../is-one-line.js';
import { canonicalDomain, canonicalEmailAddress } from '../users/email-address.js';
import { type InviteDetails, toInviteDetails } from './invite-details.js';
import { hashInvite } from './require-invite.js';

export interface NewInvite {
  /** The only address it is for. Default: anyone's. */
  email?: string | undefined;
  /** The only domain of addresses it is for, not of its subdomains. Default: any. */
  domain?: string | undefined;
  /** Accounts that can be made with it. Default 1. */
  maxUses?: number | undefined;
  /** Milliseconds until it expires. Default 7 days. */
  lifetime?: number | undefined;
  /** For the operators: what it is for. */
  note?: string | undefined;
}

/** The token is shown this once; the database keeps its SHA-256 alone. */
export interface CreatedInvite extends InviteDetails {
  token: string;
}

const day = 86_400_000;
const longestLifetime = 3650 * day;

/** Makes an invite. @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
export async function createInvite(
  { database, models, logger }: Context,
  input: NewInvite = {},
): Promise<CreatedInvite> {
  const { lifetime, ...columns } = checked(input);
  // 192 random bits in 32 characters of the URL-safe alphabet; the prefix makes a leaked one easy to search for.
  const token = `fmi_${randomBytes(24).toString('base64url')}`;
  const now = database.now();
  const invite = await models.Invite.create({
    ...columns,
    token_hash: hashInvite(token),
    expires_at: literal(`${now} + ${lifetime} * interval '1 millisecond'`),
    created_at: literal(now),
  });
  logger.info({ event: 'invite.created', id: invite.id }, 'Invite created');
  return { ...toInviteDetails(invite), token };
}

function checked({ email, domain, maxUses = 1, lifetime = 7 * day, note }: NewInvite) {
  const faults: FaultDetail[] = [];
  const address = email === undefined ? undefined : canonicalEmailAddress(email);
  if (address && !address.ok) faults.push(fault('email', address.fault));
  const ofDomain = domain === undefined ? undefined : canonicalDomain(domain.trim().replace(/^@/, ''));
  if (ofDomain === null) faults.push(fault('domain', 'EMAIL_DOMAIN_INVALID'));
  if (address?.ok && ofDomain && domainOf(address.address) !== ofDomain) {
    faults.push(fault('domain', 'EMAIL_DOMAIN_INVALID', 'The address is not in this domain.'));
  }
  if (lifetime < 1 || lifetime > longestLifetime) {
    faults.push(fault('expires', 'NUMBER_OUT_OF_RANGE', 'Must be more than 0 and at most 3650d.'));
  }
  const text = note?.trim() || null;
  if (text && !isOneLine(text, 500)) faults.push(fault('note', 'NOTE_NOT_ONE_LINE'));
  if (faults.length > 0) throw new ValidationError(faults);
  return {
    email: address?.ok ? address.address : null,
    domain: ofDomain ?? null,
    max_uses: maxUses,
    lifetime,
    note: text,
  };
}
