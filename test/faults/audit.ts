import type pg from 'pg';

import { hashToken } from '../../src/verification/token-value.js';
import type { ConsumedMessage } from '../support/kafka.js';
import type { Answer } from './driver.js';

/** What stands in the database and on the topic in the end, held against each other. */
export interface Audit {
  users: number;
  /** Distinct event ids on the topic. */
  events: number;
  /** Users without an event. */
  lost: number;
  /** Answered 201, and no users: what a standby or a backup did not have. */
  forgotten: number;
  /** Events whose user or address is none of the database's. */
  orphans: number;
  /** Messages beyond the first of their event id. */
  duplicates: number;
  /** Users with events of several ids. */
  severalEvents: number;
  /** Links that were dead when they were published. */
  deadLinks: number;
  dead: number;
  /** Emails that spent an attempt. */
  failed: number;
  /** Leases that nobody gave back. */
  leases: number;
  /** Seconds from the end of the fault until the last email from before it was published. */
  drained: number;
}

interface UserRow {
  id: string;
  email: string;
}

/**
 * @param endedAt when the fault ended, in milliseconds since the epoch
 */
export async function audit(
  client: pg.Client,
  messages: readonly ConsumedMessage[],
  answers: readonly Answer[],
  endedAt: number,
): Promise<Audit> {
  const rows = async <Row extends object>(sql: string, bind: unknown[] = []): Promise<Row[]> =>
    (await client.query(sql, bind)).rows as Row[];
  const users = await rows<UserRow>('select id, email from users');
  const tokens = await rows<{ token_hash: Buffer; expires_at: Date }>(
    'select token_hash, expires_at from verification_tokens',
  );
  const [outbox] = await rows<{ dead: number; failed: number; leases: number; drained: number | null }>(
    `select count(*) filter (where status = 'dead')::integer as dead,
       count(*) filter (where attempts > 0)::integer as failed,
       count(*) filter (where lease_token is not null)::integer as leases,
       extract(epoch from max(published_at) filter (where created_at <= to_timestamp($1 / 1000.0))
         - to_timestamp($1 / 1000.0))::double precision as drained
     from email_outbox`,
    [endedAt],
  );
  const known = new Map(users.map(({ id, email }) => [id, email]));
  const addresses = new Set(known.values());
  const expiry = new Map(
    tokens.map(({ token_hash, expires_at }) => [token_hash.toString('hex'), expires_at]),
  );
  const eventsOf = new Map<string, Set<string>>();
  let orphans = 0;
  let deadLinks = 0;
  for (const { key, value, headers, timestamp } of messages) {
    const { to, data } = JSON.parse(value as string) as { to: string; data: { verification_link: string } };
    if (known.get(key as string) !== to) orphans += 1;
    const token = new URL(data.verification_link).searchParams.get('token') as string;
    const expires = expiry.get(hashToken(token).toString('hex'));
    if (!expires || expires.getTime() <= Number(timestamp)) deadLinks += 1;
    eventsOf.set(to, (eventsOf.get(to) ?? new Set()).add(headers['event-id'] as string));
  }
  const ids = [...eventsOf.values()].flatMap((one) => [...one]);
  const events = new Set(ids).size;
  const withoutEvent = [...addresses].filter((address) => !eventsOf.has(address));
  const forgotten = answers.filter(({ status, email }) => status === 201 && !addresses.has(email));
  return {
    users: users.length,
    events,
    lost: withoutEvent.length,
    forgotten: forgotten.length,
    // One event id is one person's: an id that two share would hide an event.
    orphans: orphans + (ids.length - events),
    duplicates: messages.length - events,
    severalEvents: [...eventsOf.values()].filter((one) => one.size > 1).length,
    deadLinks,
    dead: outbox?.dead ?? 0,
    failed: outbox?.failed ?? 0,
    leases: outbox?.leases ?? 0,
    drained: Math.max(0, outbox?.drained ?? 0),
  };
}
