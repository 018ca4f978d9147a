import type { Database } from './database/database.js';
import type { Logger } from './logger.js';
import type { Models } from './models.js';
import type { Config } from './options/options.js';
import type { PasswordHasher } from './passwords/password.js';

/** What every use case works with. Those that need more extend it and say so. */
export interface Context {
  readonly config: Config;
  readonly database: Database;
  readonly models: Models;
  readonly logger: Logger;
}

export interface HasherContext extends Context {
  readonly hasher: PasswordHasher;
}

/** What enqueues an email wakes the relay after the commit. */
export interface RelayContext extends Context {
  readonly relay: { wake(): void };
}
