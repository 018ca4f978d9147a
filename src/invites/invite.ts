import { literal } from 'sequelize';
import { Column, DataType, IdColumn, Model, Table } from '../database/model.js';

/** A right to sign up, known to its holder by a token of which only the hash is kept. */
@Table({
  tableName: 'invites',
  timestamps: false,
  indexes: [{ name: 'invites_token_hash_key', fields: ['token_hash'], unique: true }],
})
export class Invite extends Model {
  @IdColumn({ primaryKey: true, autoIncrement: true })
  declare id: number;

  /** SHA-256 of the token. */
  @Column({ type: DataType.BLOB, allowNull: false })
  declare token_hash: Buffer;

  /** Canonical; the only address it is for, or null for anyone. */
  @Column({ type: DataType.TEXT })
  declare email: string | null;

  /** In its A-label form; the only domain of addresses it is for, or null for any. */
  @Column({ type: DataType.TEXT })
  declare domain: string | null;

  @Column({ type: DataType.INTEGER, allowNull: false, defaultValue: 1 })
  declare max_uses: number;

  @Column({ type: DataType.INTEGER, allowNull: false, defaultValue: 0 })
  declare uses: number;

  @Column({ type: DataType.DATE, allowNull: false })
  declare expires_at: Date;

  @Column({ type: DataType.DATE })
  declare revoked_at: Date | null;

  /** When its last use was redeemed. */
  @Column({ type: DataType.DATE })
  declare spent_at: Date | null;

  @Column({ type: DataType.TEXT })
  declare note: string | null;

  @Column({ type: DataType.DATE, allowNull: false, defaultValue: literal('now()') })
  declare created_at: Date;
}
