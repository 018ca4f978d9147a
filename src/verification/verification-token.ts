import { literal } from 'sequelize';
import type { User } from '../users/user.js';
import { Column, DataType, IdColumn, Model, Table } from '../database/model.js';

/** A verification link that was issued. Its value is not here: it is derived from `id` (verification/token-value.ts). */
@Table({
  tableName: 'verification_tokens',
  timestamps: false,
  indexes: [
    { name: 'verification_tokens_token_hash_key', fields: ['token_hash'], unique: true },
    { name: 'verification_tokens_user_id', fields: ['user_id'] },
    { name: 'verification_tokens_expires_at', fields: ['expires_at'], using: 'brin' },
  ],
})
export class VerificationToken extends Model {
  @Column({ type: DataType.UUID, primaryKey: true })
  declare id: string;

  @IdColumn({ allowNull: false, references: { model: 'users', key: 'id' }, onDelete: 'CASCADE' })
  declare user_id: number;

  /** SHA-256 of the value. */
  @Column({ type: DataType.BLOB, allowNull: false })
  declare token_hash: Buffer;

  @Column({ type: DataType.DATE, allowNull: false })
  declare expires_at: Date;

  @Column({ type: DataType.DATE })
  declare used_at: Date | null;

  @Column({ type: DataType.DATE, allowNull: false, defaultValue: literal('now()') })
  declare created_at: Date;

  /** Where it was asked for (`include`). */
  declare readonly user: User;
}
