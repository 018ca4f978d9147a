import { literal, Op } from 'sequelize';
import type { Context } from '../context.js';
import { isStillReferenced } from '../database/database-error.js';
import { momentAgo } from '../database/database.js';
import { AccountHeldError, HookFailedError } from '../errors.js';
import type { RemovedEvent } from '../hooks.js';
import { describeError } from '../logger.js';
import { forUnverifiedOnly } from '../outbox/templates.js';
import { removeUnverified } from '../verification/remove-unverified.js';
import { logActInParts } from './log-act.js';

const chunk = 1_000;

export interface PurgeRequest {
  /** Least age of an account, in milliseconds. */
  olderThan: number;
  /** Count, but delete nothing. */
  dryRun?: boolean | undefined;
  /** Ends it after the batch at hand; after the account, where each is removed by itself. */
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
    /** An email that is asked for, pending, held or dead: they were never told. */
    unsentEmail: number;
    /** Rows of the host's refer to it, or its hook failed. Each is a line of the log; a dry run cannot know. */
    held: number;
  };
}

/**
 * Deletes accounts that were never verified, at an operator's word.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function purgeUnverified(context: Context, request: PurgeRequest): Promise<PurgeResult> {
  const { signal, ...rest } = request;
  let count = 0;
  const onProgress = (purged: number): void => {
    count = purged;
    rest.onProgress?.(purged);
  };
  const done = () => (request.dryRun ? undefined : { count });
  const act = { act: 'users-purged', message: 'Unverified users purged', signal, done } as const;
  return logActInParts(context, act, () =>
    removeLongUnverified(context, { ...rest, onProgress }, 'purge', () => signal?.aborted === true),
  );
}

/**
 * Deletes accounts that were never verified, with their tokens and emails, in short transactions along the primary key.
 * Never a verified one, also when it becomes so meanwhile; never an inactive or deleted one either, because those keep
 * their address taken on purpose. One that cannot go stays, and the others go.
 *
 * In SQL: it walks the key in parts, and whom it spares depends on four tables.
 *
 * @param isOver asked between the parts, and the accounts that are removed one by one, to end it early
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function removeLongUnverified(
  context: Context,
  { olderThan, dryRun = false, onProgress }: Omit<PurgeRequest, 'signal'>,
  by: RemovedEvent['by'],
  isOver: () => boolean,
): Promise<PurgeResult> {
  const { database, config } = context;
  const cutoff = await momentAgo(database, olderThan);
  const result: PurgeResult = { purged: 0, kept: { liveLink: 0, unsentEmail: 0, held: 0 } };
  let after = '0';
  while (!isOver()) {
    const onlyLooks = dryRun || config.hooks.onRemoved !== undefined;
    const { step, alone } = await purgeChunk(context, after, cutoff, onlyLooks);
    if (!step.last) break;
    after = step.last;
    result.kept.liveLink += Number(step.live_link);
    result.kept.unsentEmail += Number(step.unsent_email);
    if (alone && !dryRun) {
      for (const id of step.ids) {
        if (isOver()) return result;
        const outcome = await removeOne(context, id, cutoff, by);
        if (outcome === 'removed') result.purged += 1;
        if (outcome === 'held') result.kept.held += 1;
        onProgress?.(result.purged);
      }
    } else result.purged += step.ids.length;
    onProgress?.(result.purged);
  }
  return result;
}

interface PurgeStep {
  last: string | null;
  ids: string[];
  live_link: string;
  unsent_email: string;
}

/** A chunk at once; where something of the host's has a say in it, `alone`: only its ids, to be removed one by one. */
async function purgeChunk(
  context: Context,
  after: string,
  cutoff: string,
  onlyLooks: boolean,
): Promise<{ step: PurgeStep; alone: boolean }> {
  try {
    return { step: await chunkStep(context, after, cutoff, onlyLooks), alone: onlyLooks };
  } catch (error) {
    if (!isStillReferenced(error)) throw error;
    return { step: await chunkStep(context, after, cutoff, true), alone: true };
  }
}

async function chunkStep(
  context: Context,
  after: string,
  cutoff: string,
  onlyLooks: boolean,
): Promise<PurgeStep> {
  const { database } = context;
  const users = database.table('users');
  const [step] = await database.query<PurgeStep>(
    `with next as (
       select id, created_at, is_verified, is_active, deleted_at from ${users} where id > $1 order by id limit $2
     ), old as (
       select id, ${hasLiveLink(context, 'next')} as live_link, ${hasUnsentEmail(context, 'next')} as unsent_email
       from next
       where created_at < $3 and not is_verified and is_active and deleted_at is null
     ), purged as (
       ${
         onlyLooks
           ? 'select id from old where not live_link and not unsent_email'
           : `delete from ${users} where id in (
                select u.id from ${users} u join old on old.id = u.id
                where not old.live_link and not old.unsent_email
                  and not u.is_verified and u.is_active and u.deleted_at is null
                -- Whoever holds it may be writing a link for it. It is looked at again another time.
                for update of u skip locked
              ) returning id`
       }
     )
     select (select max(id) from next) as last, array(select id::text from purged order by id) as ids,
       count(*) filter (where live_link) as live_link,
       count(*) filter (where unsent_email and not live_link) as unsent_email
     from old`,
    [after, chunk, cutoff],
  );
  return step as PurgeStep;
}

function hasLiveLink({ database }: Context, account: string): string {
  return `exists (
         select from ${database.table('verification_tokens')} t
         where t.user_id = ${account}.id and t.expires_at > ${database.now()}
       )`;
}

function hasUnsentEmail({ database }: Context, account: string): string {
  return `(exists (
         select from ${database.table('email_outbox')} o
         where o.user_id = ${account}.id and o.template in (${forUnverifiedOnly})
           and o.status in ('pending', 'held', 'dead')
       ) or exists (
         -- No relay has written it yet.
         select from ${database.table('email_requests')} r where r.user_id = ${account}.id
       ))`;
}

/** `spared`: it is no longer one of those that go. */
async function removeOne(
  context: Context,
  id: string,
  cutoff: string,
  by: RemovedEvent['by'],
): Promise<'removed' | 'spared' | 'held'> {
  const row = `"${context.models.User.name}"`;
  const isSpared = `${hasLiveLink(context, row)} or ${hasUnsentEmail(context, row)}`;
  const where = {
    id,
    created_at: { [Op.lt]: literal(`'${cutoff}'`) },
    [Op.and]: literal(`not (${isSpared})`),
  };
  try {
    const removed = await removeUnverified(context, { where, skipLocked: true }, by);
    return removed === undefined ? 'spared' : 'removed';
  } catch (error) {
    if (!(error instanceof AccountHeldError || error instanceof HookFailedError)) throw error;
    const { logger } = context;
    logger.warn(
      { event: 'user.not-removed', userId: Number(id), error: describeError(error) },
      'An account that nobody verified could not be removed',
    );
    return 'held';
  }
}
