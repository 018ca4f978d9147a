import { literal } from 'sequelize';
import { Column, DataType, IdColumn, Model, Table } from '../database/model.js';

/** An account. Attributes bear the columns' names. */
@Table({
  tableName: 'users',
  timestamps: true,
  paranoid: true,
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  deletedAt: 'deleted_at',
  indexes: [{ name: 'users_email_key', fields: ['email'], unique: true }],
})
export class User extends Model {
  @IdColumn({ primaryKey: true, autoIncrement: true })
  declare id: number;

  /** Canonical (users/email-address.ts), unique. */
  @Column({ type: DataType.TEXT, allowNull: false })
  declare email: string;

  @Column({ type: DataType.TEXT, allowNull: false })
  declare hashed_password: string;

  @Column({ type: DataType.TEXT })
  declare full_name: string | null;

  @Column({ type: DataType.TEXT, allowNull: false, defaultValue: 'en' })
  declare speaking_language: string;

  @Column({ type: DataType.TEXT, allowNull: false, defaultValue: 'en' })
  declare listening_language: string;

  @Column({ type: DataType.BOOLEAN, allowNull: false, defaultValue: true })
  declare is_active: boolean;

  @Column({ type: DataType.BOOLEAN, allowNull: false, defaultValue: false })
  declare is_verified: boolean;

  @Column({ type: DataType.DATE, allowNull: false, defaultValue: literal('now()') })
  declare created_at: Date;

  @Column({ type: DataType.DATE, allowNull: false, defaultValue: literal('now()') })
  declare updated_at: Date;

  @Column({ type: DataType.DATE })
  declare deleted_at: Date | null;

  /** When the person accepted the terms of service; null where they never did. */
  @Column({ type: DataType.DATE })
  declare terms_accepted_at: Date | null;

  /** Which ones: the `termsVersion` of then. */
  @Column({ type: DataType.TEXT })
  declare terms_version: string | null;

  /** Without the password's hash: an account that is logged or sent by mistake gives nothing away. */
  override toJSON(): object {
    const { hashed_password: _, ...rest } = this.get() as Record<string, unknown>;
    return rest;
  }
}
