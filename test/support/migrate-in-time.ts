import { ServiceUnavailableError } from '../../src/errors.js';
import type { FluentMeet } from '../../src/fluentmeet.js';
import { setTimeout as sleep } from 'node:timers/promises';

const tries = 10;

/**
 * Migrates, again where no connection was opened in time: a request waits a second for one, and a machine that runs three
 * test files may take longer.
 */
export async function migrateInTime(fluentmeet: Pick<FluentMeet, 'migrate'>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await fluentmeet.migrate();
      return;
    } catch (error) {
      if (!(error instanceof ServiceUnavailableError) || attempt === tries) throw error;
      await sleep(500);
    }
  }
}
