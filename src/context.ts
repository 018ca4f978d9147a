import type { Database } from './database/database.js';
import type { Logger } from './logger.js';
import type { Models } from './models.js';
import type { Config } from './options.js';

/** What every use case works with. Those that need more (a hasher, the relay) extend it and say so. */
export interface Context {
  readonly config: Config;
  readonly database: Database;
  readonly models: Models;
  readonly logger: Logger;
}
