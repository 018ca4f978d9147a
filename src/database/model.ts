/**
 * What models are declared with, out of sequelize-typescript's single files: its index loads ten times as many, for the
 * finding of models in folders, at every start of every host (30 ms and 8 MB). `reflect-metadata` comes before them.
 */
import 'reflect-metadata';

export { Column } from 'sequelize-typescript/dist/model/column/column.js';
export { getAttributes } from 'sequelize-typescript/dist/model/column/attribute-service.js';
export { Model } from 'sequelize-typescript/dist/model/model/model.js';
export { getOptions } from 'sequelize-typescript/dist/model/shared/model-service.js';
export { Table } from 'sequelize-typescript/dist/model/table/table.js';
export { DataType } from 'sequelize-typescript/dist/sequelize/data-type/data-type.js';
