import type { Context } from '../context.js';
import { logAct } from './log-act.js';
import { forUnverifiedOnly } from '../outbox/templates.js';

const chunk = 1_000;

export interface PurgeRequest {
  /** Least age of an account, in milliseconds. */
  olderThan: number;
  /** Count, but delete nothing. */
  dryRun?: boolean | undefined;
  /** Ends it after the batch at hand. */
  signal?: AbortSignal | undefined;
  onProgress?: ((purged: number) => void) | undefined;
}

export interface PurgeResult {
  /** Accounts that went, or would go. Their addresses are free again. */
  purged: number;
  /** Old enough and unverified, but left alone. */
  kept: {
    /** A link that still works: somebody asked for it lately. */
    liveLink: number;
    /** An email that is pending or dead: they were never told. */
    unsentEmail: number;
  };
}

/**
 * Deletes accounts that were never verified, with their tokens and emails, in short transactions along the primary key.
 * Never a verified one, also when it becomes so meanwhile; never an inactive or deleted one either, because those keep
 * their address taken on purpose.
 *
 * In SQL: it walks the key in parts, and whom it spares depends on three tables.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function purgeUnverified(context: Context, request: PurgeRequest): Promise<PurgeResult> {
  const { database } = context;
  const { olderThan, dryRun = false, signal, onProgress } = request;
  const [start] = await database.query<{ cutoff: string }>(
    `select (${database.now()} - $1 * interval '1 millisecond')::text as cutoff`,
    [olderThan],
  );
  const result: PurgeResult = { purged: 0, kept: { liveLink: 0, unsentEmail: 0 } };
  let after = '0';
  while (!signal?.aborted) {
    const step = await purgeChunk(context, after, start?.cutoff as string, dryRun);
    if (!step.last) break;
    after = step.last;
    result.purged += Number(step.purged);
    result.kept.liveLink += Number(step.live_link);
    result.kept.unsentEmail += Number(step.unsent_email);
    onProgress?.(result.purged);
  }
  if (!dryRun) logAct(context, 'users-purged', 'Unverified users purged', { count: result.purged });
  return result;
}

interface PurgeStep {
  last: string | null;
  purged: string;
  live_link: string;
  unsent_email: string;
}

async function purgeChunk(
  { database }: Context,
  after: string,
  cutoff: string,
  dryRun: boolean,
): Promise<PurgeStep> {
  const users = database.table('users');
  const [step] = await database.query<PurgeStep>(
    `with next as (
       select id, created_at, is_verified, is_active, deleted_at from ${users} where id > $1 order by id limit $2
     ), old as (
       select id,
         exists (
           select from ${database.table('verification_tokens')} t
           where t.user_id = next.id and t.expires_at > ${database.now()}
         ) as live_link,
         exists (
           select from ${database.table('email_outbox')} o
           where o.user_id = next.id and o.template in (${forUnverifiedOnly}) and o.status in ('pending', 'held', 'dead')
         ) as unsent_email
       from next
       where created_at < $3 and not is_verified and is_active and deleted_at is null
     ), purged as (
       ${
         dryRun
           ? 'select id from old where not live_link and not unsent_email'
           : `delete from ${users} u using old
              where u.id = old.id and not old.live_link and not old.unsent_email
                and not u.is_verified and u.is_active and u.deleted_at is null
              returning u.id`
       }
     )
     select (select max(id) from next) as last, (select count(*) from purged) as purged,
       count(*) filter (where live_link) as live_link,
       count(*) filter (where unsent_email and not live_link) as unsent_email
     from old`,
    [after, chunk, cutoff],
  );
  return step as PurgeStep;
}
