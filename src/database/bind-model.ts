import 'reflect-metadata';
import type { ModelStatic, Sequelize } from 'sequelize';
import { getAttributes, getOptions, type Model } from 'sequelize-typescript';

let bound = 0;

/**
 * A subclass of the model, bound to one connection and schema. The template itself stays unbound, so that two instances
 * in a process do not touch each other, and the subclass is taken out of the connection's registry, so that a host's
 * `sequelize.models`, `sync()` and a model of the same name never meet it.
 */
export function bindModel<M extends Model>(
  template: ModelStatic<M>,
  sequelize: Sequelize,
  schema: string,
): ModelStatic<M> {
  const name = template.name;
  const Bound = { [name]: class extends (template as unknown as typeof Model) {} }[name] as typeof Model;
  Bound.initialize(getAttributes(template.prototype) as never, {
    ...getOptions(template.prototype),
    sequelize,
    schema,
    // Model.init evicts a model of the same name without a word.
    modelName: `${name}#fluentmeet-${++bound}`,
  });
  (sequelize as unknown as { modelManager: { removeModel(model: unknown): void } }).modelManager.removeModel(
    Bound,
  );
  return Bound as unknown as ModelStatic<M>;
}
