import type { Model, ModelAttributeColumnOptions, ModelStatic } from 'sequelize';
import type { Models } from '../../models.js';

export type AnyModel = ModelStatic<Model>;

export function ourTables(models: Models): string[] {
  return Object.values(models).map((model) => tableOf(model as AnyModel));
}

export function tableOf(model: AnyModel): string {
  return (model.options as { tableName: string }).tableName;
}

export function columnsOf(model: AnyModel): (ModelAttributeColumnOptions & { field: string })[] {
  return Object.entries(model.getAttributes() as Record<string, ModelAttributeColumnOptions>).map(
    ([name, attribute]) => ({ ...attribute, field: attribute.field ?? name }),
  );
}
