import { literal, Op } from 'sequelize';
import type { Context } from '../context.js';
import { momentAgo } from '../database/database.js';
import { linkTemplates } from '../outbox/templates.js';
import { logActInParts } from './log-act.js';

const chunk = 5_000;

export interface RevokedTokens {
  /** Links that worked and no longer do. */
  revoked: number;
  /** Emails that wait or are being published: each is published with a fresh link. */
  pendingEmails: number;
}

/**
 * Revokes every link that was issued until now, for a leak of secret and database together: whoever has both can build
 * the links. What is revoked says that it expired when it was issued, as no other link does. Links of verified accounts still answer as success, and a person with an expired one can ask for another.
 * The secret has to be changed first, or new links could be built as well.
 *
 * In short transactions along the primary key, so that signups go on; again and again until a pass finds none, for
 * those whose transaction was open meanwhile. Stopped in the middle it is run again.
 *
 * In SQL: it walks the key in parts, each in one statement.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function revokeAllTokens(
  context: Context,
  { signal }: { signal?: AbortSignal } = {},
): Promise<RevokedTokens> {
  const result: RevokedTokens = { revoked: 0, pendingEmails: 0 };
  const done = () => ({ ...result });
  const act = { act: 'tokens-revoked', message: 'Verification links revoked', signal, done } as const;
  return logActInParts(context, act, async () => {
    const issuedUntil = await momentAgo(context.database, 0);
    for (;;) {
      const before = result.revoked;
      await revokePass(context, issuedUntil, signal, (count) => (result.revoked += count));
      if (result.revoked === before || signal?.aborted) break;
    }
    result.pendingEmails = await releasePendingEmails(context);
    return result;
  });
}

/** Links that have not expired: those that revoking all would end. @throws ServiceUnavailableError */
export async function countLiveTokens({ database, models }: Context): Promise<number> {
  const where = { expires_at: { [Op.gt]: literal(database.now()) } };
  return models.VerificationToken.count({ where });
}

async function revokePass(
  { database }: Context,
  issuedUntil: string,
  signal: AbortSignal | undefined,
  onRevoked: (count: number) => void,
): Promise<void> {
  const table = database.table('verification_tokens');
  let after = '00000000-0000-0000-0000-000000000000';
  while (!signal?.aborted) {
    const [step] = await database.query<{ last: string | null; revoked: string }>(
      `with next as (
         select id from ${table} where id > $1 order by id limit $2
       ), expired as (
         update ${table} t set expires_at = t.created_at from next
         where t.id = next.id and t.created_at <= $3 and t.expires_at > ${database.now()}
         returning t.id
       )
       select (select id from next order by id desc limit 1) as last, (select count(*) from expired) as revoked`,
      [after, chunk, issuedUntil],
    );
    if (!step?.last) return;
    after = step.last;
    onRevoked(Number(step.revoked));
  }
}

/**
 * A relay that holds an email composed its message with the old link. Without its lease it cannot settle the email,
 * which is then published again with a fresh one: a person may get a dead link, but never a dead link alone.
 */
async function releasePendingEmails({ database, models: { OutboxEmail } }: Context): Promise<number> {
  const where = { status: 'pending', template: linkTemplates };
  const released = { lease_token: null, next_attempt_at: literal(database.now()) };
  const leased = { ...where, lease_token: { [Op.ne]: null } };
  await OutboxEmail.update(released, { where: leased });
  return OutboxEmail.count({ where });
}
