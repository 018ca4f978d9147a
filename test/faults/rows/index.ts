import type { Row } from '../row.js';
import { databaseFaults } from './database.js';
import { kafkaOutages } from './kafka-outages.js';
import { kafkaRefusals } from './kafka-refusals.js';
import { processFaults } from './processes.js';
import { relayFaults } from './relays.js';
import { timeFaults } from './times.js';

/** The fault matrix, in the order of its table. */
export const rows: readonly Row[] = [
  ...kafkaOutages,
  ...kafkaRefusals,
  ...databaseFaults,
  ...relayFaults,
  ...timeFaults,
  ...processFaults,
];
