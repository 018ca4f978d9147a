import { type FindOptions, type Model, type ModelStatic, Op, type WhereOptions } from 'sequelize';

export interface PageRequest {
  /** Only rows with a smaller id: the `next` of the page before. */
  before?: number | undefined;
  /** Default 30. */
  limit?: number | undefined;
}

/**
 * A page by the primary key, newest first, so that it costs the same however far down it is. The conditions add up. `next`
 * is the `before` of the next page, or null where there is none.
 *
 * @throws ServiceUnavailableError
 */
export async function keysetPage<M extends Model & { id: number }>(
  model: ModelStatic<M>,
  { before, limit = 30 }: PageRequest,
  conditions: readonly (WhereOptions | false | undefined)[],
  options: Omit<FindOptions, 'where' | 'order' | 'limit'>,
) {
  const earlier = before !== undefined && { id: { [Op.lt]: before } };
  const found = await model.findAll({
    ...options,
    where: { [Op.and]: [earlier, ...conditions].filter((condition) => condition) },
    order: [['id', 'desc']],
    limit: limit + 1,
  } as FindOptions);
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}
