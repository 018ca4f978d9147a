import { readdirSync } from 'node:fs';

/** Every migration there is, in order, by the files alone. */
export const migrationNames = readdirSync(new URL('../../migrations/', import.meta.url))
  .map((file) => file.replace(/\.ts$/, ''))
  .toSorted();

export const lastMigration = migrationNames.at(-1)!;
