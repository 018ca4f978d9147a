import type { User } from '../users/user.js';
import { literal } from 'sequelize';
import { Column, DataType, IdColumn, Model, Table } from '../database/model.js';

/** An `Idempotency-Key` that came with a signup, kept for a day as hashes that nobody can read back. */
@Table({
  tableName: 'signup_keys',
  timestamps: false,
  indexes: [
    { name: 'signup_keys_user_id', fields: ['user_id'] },
    { name: 'signup_keys_created_at', fields: ['created_at'] },
  ],
})
export class SignUpKey extends Model {
  /** Keyed hash of the key. */
  @Column({ type: DataType.BLOB, primaryKey: true })
  declare key_hash: Buffer;

  /** Keyed hash of the key and the canonical address together. */
  @Column({ type: DataType.BLOB, allowNull: false })
  declare address_hash: Buffer;

  /**
   * The account that this signup made; null where its address was known before (`duplicates: 'conceal'`), and once the
   * account is removed.
   */
  @IdColumn({ references: { model: 'users', key: 'id' }, onDelete: 'SET NULL' })
  declare user_id: number | null;

  @Column({ type: DataType.DATE, allowNull: false, defaultValue: literal('now()') })
  declare created_at: Date;

  /** Where it was asked for (`include`). */
  declare readonly user: User | null;
}
