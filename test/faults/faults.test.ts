import { expect } from 'chai';

import { requireKafka } from '../support/kafka.js';
import { startOwnPostgres, type OwnPostgres } from '../support/postgres.js';
import { type Played, playRows } from './play-rows.js';
import { rows } from './rows/index.js';
import { tableHead, tableLine } from './table.js';

/** The short form of `npm run test:faults`: the rows that tell most in little time, on the run's own services. */
const telling = ['kafka-lost-ack', 'postgres-restarted', 'commit-lost', 'sigterm', 'migrate-eight'];

describe('the fault matrix, in short', function () {
  this.timeout(180_000);
  let brokers: string[];
  let postgres: Promise<OwnPostgres> | undefined;

  before(async function () {
    ({ brokers } = await requireKafka(this));
  });
  after(async () => (await postgres)?.stop());

  for (const row of rows.filter(({ name }) => telling.includes(name))) {
    it(`loses nothing: ${row.title}`, async () => {
      const [played] = await playRows([row], {
        services: {
          brokers,
          ownKafka: () => Promise.reject(new Error('the short form breaks no Kafka')),
          ownPostgres: () => (postgres ??= startOwnPostgres()),
        },
        size: 300,
        perSecond: 60,
        judgeLatency: false,
      });
      const { faults } = played as Played;
      expect(faults, `\n${tableHead()}\n${tableLine(played as Played)}\n`).to.deep.equal([]);
    });
  }
});
