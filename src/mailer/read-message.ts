import type { KafkaMessage } from 'kafkajs';
import { z } from 'zod';
import type { OutgoingEmail } from '../outbox/publisher.js';
import { isTemplate, templates } from '../outbox/templates.js';

/** Why a message is no email that this mailer can write. */
export type Unreadable = 'not-json' | 'not-ours' | 'newer-schema' | 'unknown-template';

export type ReadMessage = { ok: true; email: OutgoingEmail } | { ok: false; reason: Unreadable };

/** The newest `schema-version` that this version understands. */
const schemaVersion = 1;
/** Ours are some hundred bytes. */
const longestValue = 100_000;

/** One address, as signups have it (RFC 5322's dot-atom at a domain): no list, no second line. */
const address = z
  .string()
  .max(254)
  .regex(/^[\w!#$%&'*+/=?^`{|}~.-]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])$/i);
const link = z
  .string()
  .max(4_000)
  .regex(/^https?:\/\/[^\s<>"]+$/i);
const envelope = z.object({ to: address, subject: z.string().max(1_000), template: z.string().max(100) });
const data = z.object({ full_name: z.string().max(1_000).nullable() });
const linkData = data.extend({ verification_link: link });

const eventId = z.string().regex(/^[\w-]{1,100}$/);
const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)));
const headers = z.object({
  'event-id': eventId,
  language: z.string().max(100).catch('en'),
  'created-at': time.optional().catch(undefined),
  // One that cannot be read is no reason to send a link that may be dead.
  'expires-at': time.optional(),
});

/**
 * Reads what lies on the topic, which anybody may have written: an email of the contract's section 4, or why not. Its
 * version is looked at first, since a newer one may look different in everything else.
 */
export function readMessage(message: KafkaMessage): ReadMessage {
  const given = headerTexts(message);
  if (Number(given['schema-version'] ?? schemaVersion) > schemaVersion) return no('newer-schema');
  const value = parseJson(message.value);
  if (value === undefined) return no('not-json');
  const outer = envelope.safeParse(value);
  const head = headers.safeParse(given);
  if (!outer.success || !head.success) return no('not-ours');
  const { template, to, subject } = outer.data;
  if (!isTemplate(template)) return no('unknown-template');
  const { data: raw } = value as { data?: unknown };
  const inner = (templates[template].hasLink ? linkData : data).safeParse(raw);
  if (!inner.success) return no('not-ours');
  return {
    ok: true,
    email: {
      key: message.key?.toString() ?? '',
      value: { to, subject, template, data: inner.data },
      headers: { ...given, ...head.data },
    } as OutgoingEmail,
  };
}

/** kafkajs's headers as texts; of a repeated one the last. */
export function headerTexts({ headers: given }: Pick<KafkaMessage, 'headers'>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) texts[name] = last.toString();
  }
  return texts;
}

export function parseJson(value: Buffer | null): unknown {
  if (!value || value.length > longestValue) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value)) as unknown;
  } catch {
    return undefined;
  }
}

function no(reason: Unreadable): ReadMessage {
  return { ok: false, reason };
}
