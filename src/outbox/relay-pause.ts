import { literal } from 'sequelize';
import { Column, DataType, Model, Table } from '../database/model.js';
import type { Context } from '../context.js';

/** The one row that holds up every relay; past `paused_until` it counts no longer. */
@Table({ tableName: 'relay_pause', timestamps: false })
export class RelayPause extends Model {
  @Column({ type: DataType.INTEGER, primaryKey: true, defaultValue: 1 })
  declare id: number;

  @Column({ type: DataType.TEXT, allowNull: false })
  declare reason: string;

  @Column({ type: DataType.DATE, allowNull: false, defaultValue: literal('now()') })
  declare paused_at: Date;

  @Column({ type: DataType.DATE })
  declare paused_until: Date | null;
}

/** Why no relay publishes, in any process. */
export interface Pause {
  reason: string;
  since: Date;
  /** When it ends by itself; null: when somebody resumes. */
  until: Date | null;
}

/** The pause that holds at present, or null. @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
export async function currentPause({
  database,
  models,
}: Pick<Context, 'database' | 'models'>): Promise<Pause | null> {
  const where = literal(pauseHolds(database));
  const row = await models.RelayPause.findOne({ where });
  return row && toPause(row);
}

/** SQL: whether a pause holds still, by the database's clock. */
export function pauseHolds(database: Context['database']): string {
  return `(paused_until is null or paused_until > ${database.now()})`;
}

export function toPause(row: RelayPause): Pause {
  return { reason: row.reason, since: row.paused_at, until: row.paused_until };
}
