import { literal } from 'sequelize';
import type { Context } from '../context.js';
import { Column, DataType, IdColumn, Model, Table } from '../database/model.js';

/** An email that was asked for, until a relay writes it into the outbox; or none, for somebody without an account. */
@Table({ tableName: 'email_requests', timestamps: false })
export class EmailRequest extends Model {
  @IdColumn({ primaryKey: true, autoIncrement: true })
  declare id: number;

  /** Null for nobody. An account may be gone by now: there is no reference. */
  @IdColumn({})
  declare user_id: number | null;

  /** Whether a verified owner is written to as well: that they have an account. */
  @Column({ type: DataType.BOOLEAN, allowNull: false, defaultValue: false })
  declare tells_verified: boolean;

  /** Later than when it was asked for: its mailbox may have no more until then. */
  @Column({ type: DataType.DATE, allowNull: false, defaultValue: literal('now()') })
  declare due_at: Date;

  @Column({ type: DataType.DATE, allowNull: false, defaultValue: literal('now()') })
  declare created_at: Date;
}

/** No more in one statement. */
const chunk = 1_000;

/**
 * Writes the emails that were asked for into the outbox, and forgets those for nobody. Where somebody holds the row of the
 * account, nobody waits for it: that one is left for the next look. Links are issued when they are published.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function writeRequestedEmails(context: Context): Promise<void> {
  let after: string | null = '0';
  while (after !== null) after = await writeChunk(context, after);
}

/** @returns the last request that it looked at; null where none comes after it */
async function writeChunk({ database }: Context, after: string): Promise<string | null> {
  const [requests, users] = [database.table('email_requests'), database.table('users')];
  // SQL: moves the rows of one table to another, past what is locked.
  const [row] = await database.query<{ last: string | null }>(
    `with asked as (
       select id, user_id, tells_verified, due_at, created_at from ${requests}
       where id > $1 order by id limit ${chunk} for update skip locked
     ), wanted as (
       select a.* from asked a join ${users} u on u.id = a.user_id
       where u.is_active and u.deleted_at is null and (not u.is_verified or a.tells_verified)
     ), recipient as (
       select u.id, u.is_verified, w.id as request_id, w.due_at, w.created_at
       from wanted w join ${users} u on u.id = w.user_id
       for key share of u skip locked
     ), written as (
       insert into ${database.table('email_outbox')} (event_id, user_id, template, status, next_attempt_at, due_at, created_at)
       select gen_random_uuid(), id, case when is_verified then 'account-exists' else 'verification' end,
         case when due_at > ${database.now()} then 'held' else 'pending' end, due_at,
         case when due_at > created_at then due_at end, created_at
       from recipient
     ), done as (
       delete from ${requests} where id in (
         select id from asked except (select id from wanted except select request_id from recipient)
       )
     )
     select max(id) as last from asked having count(*) = ${chunk}`,
    [after],
  );
  return row?.last ?? null;
}
