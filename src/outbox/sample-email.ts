import { randomUUID } from 'node:crypto';
import { defaultBrand } from '../brand.js';
import { buildMessage } from './message.js';
import type { OutgoingEmail } from './publisher.js';
import { type EmailTemplate, templates } from './templates.js';

export interface SampleFields {
  /** Default `verification`. */
  template?: EmailTemplate;
  to?: string;
  full_name?: string | null;
  /** BCP 47. Default `en`. */
  language?: string;
}

const day = 86_400_000;

/** An email as the relay hands it to a publisher; its link leads nowhere. */
export function sampleEmail({
  template = 'verification',
  to = 'ada@example.com',
  full_name = 'Ada Lovelace',
  language = 'en',
}: SampleFields = {}): OutgoingEmail {
  const createdAt = new Date();
  const email = {
    template,
    email: to,
    full_name,
    listening_language: language,
    user_id: '1',
    event_id: randomUUID(),
    created_at: createdAt,
  };
  const link = {
    url: `https://app.example.com/api/v1/auth/verify-email?token=${randomUUID()}`,
    expiresAt: new Date(createdAt.getTime() + day),
  };
  return templates[template].hasLink
    ? buildMessage(email, defaultBrand.name, link)
    : buildMessage(email, defaultBrand.name);
}
