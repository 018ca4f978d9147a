import { Column, DataType, Model, Table } from '../database/model.js';

/** Up to where the hours are full of emails to one domain. Those of hours that are over are of no more use. */
@Table({ tableName: 'domain_counts', timestamps: false })
export class DomainCount extends Model {
  /** A keyed hash of the domain: the table tells nobody who was written to. */
  @Column({ type: DataType.BLOB, primaryKey: true })
  declare domain: Buffer;

  /** The last hour in which places are taken; every one from the present one to it is full. */
  @Column({ type: DataType.DATE, allowNull: false })
  declare hour: Date;

  /** How many places of that hour are taken. */
  @Column({ type: DataType.INTEGER, allowNull: false })
  declare count: number;
}
