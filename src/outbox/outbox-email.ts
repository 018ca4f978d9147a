import { literal } from 'sequelize';
import { Column, DataType, IdColumn, Model, Table } from '../database/model.js';
import type { EmailTemplate } from './templates.js';

/**
 * `pending` waits or is leased, `held` waits until its mailbox or its domain may get more, `published` is on the topic, `dead` failed
 * for good, `obsolete` is no longer wanted.
 */
export type EmailStatus = 'pending' | 'held' | 'published' | 'dead' | 'obsolete';

/** An email that is owed to a user: written in the signup's transaction, published by the relay. */
@Table({
  tableName: 'email_outbox',
  timestamps: false,
  indexes: [
    // The claim's: rows leave it as they are settled, so that history costs the claim nothing.
    { name: 'email_outbox_pending', fields: ['next_attempt_at'], where: { status: 'pending' } },
    { name: 'email_outbox_held', fields: ['next_attempt_at'], where: { status: 'held' } },
    { name: 'email_outbox_dead', fields: ['id'], where: { status: 'dead' } },
    { name: 'email_outbox_user_id', fields: ['user_id'] },
  ],
})
export class OutboxEmail extends Model {
  @IdColumn({ primaryKey: true, autoIncrement: true })
  declare id: number;

  /** The same across retries; consumers drop repeats by it. */
  @Column({ type: DataType.UUID, allowNull: false })
  declare event_id: string;

  @IdColumn({ allowNull: false, references: { model: 'users', key: 'id' }, onDelete: 'CASCADE' })
  declare user_id: number;

  @Column({ type: DataType.UUID })
  declare verification_token_id: string | null;

  @Column({ type: DataType.TEXT, allowNull: false })
  declare template: EmailTemplate;

  @Column({ type: DataType.TEXT, allowNull: false, defaultValue: 'pending' })
  declare status: EmailStatus;

  /** Failures of this email's own; an outage is none. */
  @Column({ type: DataType.INTEGER, allowNull: false, defaultValue: 0 })
  declare attempts: number;

  /** Times it was claimed and not given back. */
  @Column({ type: DataType.INTEGER, allowNull: false, defaultValue: 0 })
  declare claims: number;

  /** When it is due; while leased, when the lease ends; once it is settled, when that was. */
  @Column({ type: DataType.DATE, allowNull: false, defaultValue: literal('now()') })
  declare next_attempt_at: Date;

  /** Since when it has been due, leased or not; null: since it was created. */
  @Column({ type: DataType.DATE })
  declare due_at: Date | null;

  /** The hour in whose count of its domain it stands, where there is a `domainLimit`; null: it is in none yet. */
  @Column({ type: DataType.DATE })
  declare domain_hour: Date | null;

  @Column({ type: DataType.UUID })
  declare lease_token: string | null;

  @Column({ type: DataType.TEXT })
  declare last_error: string | null;

  @Column({ type: DataType.DATE, allowNull: false, defaultValue: literal('now()') })
  declare created_at: Date;

  @Column({ type: DataType.DATE })
  declare published_at: Date | null;
}
