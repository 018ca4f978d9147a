import type { Row } from '../row.js';
import { databaseFaults } from './database.js';
import { kafkaClusterFaults, topicChanges } from './kafka-cluster.js';
import { kafkaOutages } from './kafka-outages.js';
import { kafkaRefusals } from './kafka-refusals.js';
import { processFaults } from './processes.js';
import { relayFaults } from './relays.js';
import { replicationFaults } from './replication.js';
import { timeFaults } from './times.js';

/** The fault matrix, in the order of its table. */
export const rows: readonly Row[] = [
  ...kafkaOutages,
  ...kafkaRefusals,
  ...topicChanges,
  ...kafkaClusterFaults,
  ...databaseFaults,
  ...replicationFaults,
  ...relayFaults,
  ...timeFaults,
  ...processFaults,
];
