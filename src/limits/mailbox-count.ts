import { Column, DataType, Model, Table } from '../database/model.js';

/** `signup`: mails that a signup causes. `resend`: those that somebody asks for again. */
export type MailboxBudgetName = 'signup' | 'resend';

/**
 * How many mails one mailbox was sent of one budget; or failures to log in to it, one budget for each client.
 * It knows no account: counts outlive one that is removed.
 */
@Table({ tableName: 'mailbox_counts', timestamps: false })
export class MailboxCount extends Model {
  /** `mailboxKey` of the address. */
  @Column({ type: DataType.BLOB, primaryKey: true })
  declare mailbox: Buffer;

  @Column({ type: DataType.TEXT, primaryKey: true })
  declare budget: MailboxBudgetName | `login:${string}`;

  /** When each mail was sent, or is due: as many of the newest as the budget of a day has, oldest first. */
  @Column({ type: DataType.ARRAY(DataType.DATE), allowNull: false, defaultValue: [] })
  declare times: Date[];

  /** Asked for and not sent, since the mailbox had no mail for a day. */
  @Column({ type: DataType.INTEGER, allowNull: false, defaultValue: 0 })
  declare skipped: number;

  /** Whether the last one that was asked for was sent. */
  @Column({ type: DataType.BOOLEAN, allowNull: false, defaultValue: true })
  declare granted: boolean;

  /** When it is of no more use: 25 hours after the last mail. */
  @Column({ type: DataType.DATE, allowNull: false })
  declare expires_at: Date;
}
