import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect } from 'chai';
import { newToken } from '../../src/verification/token-value.js';
import { overhear } from '../fluentmeet/canary.js';
import {
  createMigratedInstance,
  type Registered,
  type TestInstance,
  testSecret,
  until,
} from '../fluentmeet/test-instance.js';
import { compiled } from '../support/compiled.js';
import { consumeAll, createTopic, requireKafka } from '../support/kafka.js';
import type { RelayOrders, RelayReport } from './relay-process.js';

describe('relays in processes of their own', function () {
  this.timeout(120_000);
  let brokers: string[];
  let topic: string;
  let instance: TestInstance & { url: string };
  const children: RelayProcess[] = [];

  before(async function () {
    ({ brokers } = await requireKafka(this));
  });
  beforeEach(async () => {
    topic = `emails-${randomUUID()}`;
    await createTopic(brokers, topic, { partitions: 3 });
    instance = await createMigratedInstance({ publisher: 'none' });
  });
  afterEach(async () => {
    for (const { child } of children.splice(0)) child.kill('SIGKILL');
    await instance.stop();
  });

  function startRelay(orders: Partial<RelayOrders> = {}): RelayProcess {
    const relay = relayProcess({ database: instance.url, brokers, topic, ...orders });
    children.push(relay);
    return relay;
  }

  async function register(count: number): Promise<Registered[]> {
    const people: Registered[] = [];
    for (let index = 0; index < count; index++) people.push(await instance.register(`person${index}`));
    return people;
  }

  const allPublished = () =>
    until(
      async () => (await instance.fluentmeet.stats()).emails.pending === 0,
      'nothing was pending',
      60_000,
    );
  const eventIds = async () =>
    (await consumeAll(brokers, topic, { timeoutMs: 40_000 })).map(({ headers }) => headers['event-id']!);
  /** A lease is 30 s long; this is what the database looks like after them. */
  const passLease = () =>
    instance.query(`update email_outbox set next_attempt_at = now() where lease_token is not null`);

  it('lose nothing when one is killed between its claim and its publishing, and publish it once', async () => {
    const people = await register(20);
    const killed = startRelay({ hangs: 'before-publish' });
    await killed.said('ready');
    killed.child.send('start');
    await killed.said('hangs');
    await killed.killHard();
    const leased = await instance.query(
      `select from email_outbox where lease_token is not null and claims = 1`,
    );
    expect(leased).to.have.lengthOf(20);
    expect(await eventIds()).to.deep.equal([]);

    const next = startRelay();
    await next.said('ready');
    next.child.send('start');
    await passLease();
    await allPublished();
    expect(await eventIds()).to.have.members(people.map(({ eventId }) => eventId));
    const rows = await instance.query('select distinct status, attempts, claims from email_outbox');
    expect(rows).to.deep.equal([{ status: 'published', attempts: 0, claims: 2 }]);
  });

  it('publish again, under the same event ids, when one is killed between its publishing and settling', async () => {
    const people = await register(20);
    const owed = people.map(({ eventId }) => eventId);
    const killed = startRelay({ hangs: 'before-settle' });
    await killed.said('ready');
    killed.child.send('start');
    await killed.said('hangs');
    await killed.killHard();
    expect(await eventIds()).to.have.members(owed);

    const next = startRelay();
    await next.said('ready');
    next.child.send('start');
    await passLease();
    await allPublished();
    const ids = await eventIds();
    expect(ids).to.have.lengthOf(40);
    expect(new Set(ids)).to.deep.equal(new Set(owed));
  });

  it('share ten thousand emails between two of them, each event id exactly once, and stop by themselves', async () => {
    await fillOutbox(instance, 10_000);
    const relays = [startRelay(), startRelay()];
    await Promise.all(relays.map((relay) => relay.said('ready')));
    const started = performance.now();
    for (const { child } of relays) child.send('start');
    await allPublished();
    const seconds = (performance.now() - started) / 1000;
    console.log(`      10,000 emails by two relays: ${Math.round(10_000 / seconds)} a second`);

    const messages = await consumeAll(brokers, topic, { timeoutMs: 60_000 });
    const ids = messages.map(({ headers }) => headers['event-id']!);
    expect(ids).to.have.lengthOf(10_000);
    expect(new Set(ids).size).to.equal(10_000);
    const owed = await instance.query<{ event_id: string }>('select event_id from email_outbox');
    expect(new Set(ids)).to.deep.equal(new Set(owed.map(({ event_id }) => event_id)));

    for (const relay of relays) {
      const exit = once(relay.child, 'exit');
      relay.child.send('stop');
      await relay.said('stopped');
      expect((await exit)[0]).to.equal(0);
      expect(relay.published()).to.be.above(0);
    }
    expect(relays[0]!.published() + relays[1]!.published()).to.equal(10_000);
  });
});

interface RelayProcess {
  child: ChildProcess;
  said(report: RelayReport): Promise<void>;
  killHard(): Promise<void>;
  /** How many emails it logged as published. */
  published(): number;
}

function relayProcess(orders: RelayOrders): RelayProcess {
  const script = compiled('test/relay/relay-process.ts');
  const child = fork(script, [JSON.stringify(orders)], { execArgv: [], silent: true });
  const reports = new Set<string>();
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += String(chunk);
    overhear(String(chunk));
  };
  child.stdout!.on('data', keep);
  child.stderr!.on('data', keep);
  child.on('message', (report: RelayReport) => reports.add(report));
  return {
    child,
    said: (report) =>
      until(
        () => {
          if (child.exitCode) throw new Error(`the relay ended: ${output.slice(-2000)}`);
          return reports.has(report);
        },
        `the relay said ${report}`,
        30_000,
      ),
    async killHard() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    published: () => output.split('"event":"email.published"').length - 1,
  };
}

/** As so many signups would have: without hashing ten thousand passwords. */
async function fillOutbox(instance: TestInstance, count: number): Promise<void> {
  const tokens = Array.from({ length: count }, () => newToken(testSecret));
  await instance.query(
    `with person as (
       insert into users (email, hashed_password) select 'bulk' || n || '@example.com', 'x' from generate_series(1, $3) n
       returning id, substring(email from '[0-9]+')::int as n
     ), token as (
       insert into verification_tokens (id, user_id, token_hash, expires_at)
       select t.id, p.id, t.hash, now() + interval '1 day'
       from unnest($1::uuid[], $2::bytea[]) with ordinality as t (id, hash, n) join person p on p.n = t.n
       returning id, user_id
     )
     insert into email_outbox (event_id, user_id, verification_token_id, template)
     select gen_random_uuid(), user_id, id, 'verification' from token`,
    [tokens.map(({ id }) => id), tokens.map(({ hash }) => hash), count],
  );
}
