import { z } from 'zod';
import { count, refuseOption } from './option-values.js';
import { canonicalDomain } from '../users/email-address.js';

export interface MailboxLimit {
  minute?: number | undefined;
  day?: number | undefined;
}

const mailboxLimit = ({ minute, day }: { minute: number; day: number }) =>
  z.strictObject({ minute: count(1, 1000).default(minute), day: count(1, 1000).default(day) });

export const mailboxLimits = z.strictObject({
  signup: mailboxLimit({ minute: 5, day: 50 }).prefault({}),
  resend: mailboxLimit({ minute: 1, day: 5 }).prefault({}),
});

const domain = z.string().transform((value, context) => {
  return canonicalDomain(value) ?? refuseOption(context, 'must be a domain, such as example.com');
});

export const domainLimit = z.preprocess(
  (value) => (typeof value === 'number' ? { perHour: value } : value),
  z.strictObject(
    { perHour: count(1, 1_000_000), except: z.array(domain).default([]) },
    'must be a number an hour, or { perHour, except }',
  ),
);
