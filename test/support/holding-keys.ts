/**
 * What a foreign key of a host's may say where it holds an account: each is refused by PostgreSQL (18) in another way, by
 * 23503 or by 23001, with the statement or not before the commit.
 */
export const holdingKeys = [
  'on delete no action',
  'on delete restrict',
  'deferrable initially deferred',
] as const;
