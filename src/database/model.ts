/**
 * What models are declared with, out of sequelize-typescript's single files: its index loads ten times as many, for the
 * finding of models in folders, at every start of every host (30 ms and 8 MB). `reflect-metadata` comes before them.
 */
import 'reflect-metadata';
import type { ModelAttributeColumnOptions } from 'sequelize';
import { Column } from 'sequelize-typescript/dist/model/column/column.js';
import type { Model } from 'sequelize-typescript/dist/model/model/model.js';
import { DataType } from 'sequelize-typescript/dist/sequelize/data-type/data-type.js';

export { Column, DataType };
export { getAttributes } from 'sequelize-typescript/dist/model/column/attribute-service.js';
export { Model } from 'sequelize-typescript/dist/model/model/model.js';
export { getOptions } from 'sequelize-typescript/dist/model/shared/model-service.js';
export { Table } from 'sequelize-typescript/dist/model/table/table.js';

/** A bigint of a table, and a number to us: our statements have it read as text. */
export function IdColumn(options: Partial<ModelAttributeColumnOptions>) {
  return (target: object, name: string): void => {
    const get = function (this: Model): number | null | undefined {
      const id = this.getDataValue(name) as string | number | null | undefined;
      return id === null || id === undefined ? id : Number(id);
    };
    Column({ ...options, type: DataType.BIGINT, get })(target, name);
  };
}
