import { z } from 'zod';
import { count } from './option-values.js';
import { canonicalDomain } from './users/email-address.js';

export interface MailboxLimit {
  minute?: number | undefined;
  day?: number | undefined;
}

const mailboxLimit = ({ minute, day }: { minute: number; day: number }) =>
  z.strictObject({ minute: count(1, 1000).default(minute), day: count(1, 1000).default(day) });

export const resendLimit = mailboxLimit({ minute: 1, day: 5 });

export const mailboxLimits = z.strictObject({
  signup: mailboxLimit({ minute: 5, day: 50 }).prefault({}),
  resend: resendLimit.prefault({}),
});

const domain = z.string().transform((value, context) => {
  const canonical = canonicalDomain(value);
  if (canonical !== null) return canonical;
  context.addIssue({ code: 'custom', message: 'must be a domain, such as example.com' });
  return z.NEVER;
});

export const domainLimit = z.preprocess(
  (value) => (typeof value === 'number' ? { perHour: value } : value),
  z.strictObject(
    { perHour: count(1, 1_000_000), except: z.array(domain).default([]) },
    'must be a number an hour, or { perHour, except }',
  ),
);
