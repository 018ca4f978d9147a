import type { OutgoingEmail, Publisher, PublishResult } from '../../src/outbox/publisher.js';
import { createFluentMeet, type FluentMeet, type Internals, internalsOf } from '../../src/fluentmeet.js';
import type { FluentMeetOptions } from '../../src/options/options.js';
import { writeRequestedEmails } from '../../src/outbox/email-request.js';
import { tokenValue } from '../../src/verification/token-value.js';
import { createDatabase } from '../support/postgres.js';
import { canaryLogger, canaryPassword, keepSecret, keepTokens } from './canary.js';
import { migrateInTime } from '../support/migrate-in-time.js';

export const testSecret = 'a secret of the tests, 32 characters and more';
keepSecret('the secret', testSecret);

/** Everything a test wants of an instance on a database. */
export interface TestInstance {
  fluentmeet: FluentMeet;
  /** What the use cases take as their context. */
  context: Internals;
  publisher: FakePublisher;
  events: string[];
  query<Row extends object>(sql: string, bind?: unknown[]): Promise<Row[]>;
  /** Registers `<name>@example.com` and resolves with its row. */
  register(name: string, fields?: Record<string, unknown>): Promise<Registered>;
  /** Asks for the verification email again, and writes it as a relay's look does. */
  resend(email: string): Promise<void>;
  /** Opens every connection of the pool: what then comes at once truly runs at once. */
  warmUp(): Promise<void>;
  stop(): Promise<void>;
}

export interface Registered {
  id: number;
  email: string;
  /** Of the verification token: what its link carries. */
  token: string;
  tokenId: string;
  outboxId: string;
  eventId: string;
}

export const testOptions = {
  publicUrl: 'https://app.example.com',
  secret: testSecret,
  bcryptCost: 4,
  // The tests share two cores with their services: a slow answer is no outage here.
  databaseQueryTimeout: '20s',
} satisfies Partial<FluentMeetOptions>;

/** An instance on this database; by default it publishes to a publisher of the test's. */
export function createTestInstance(
  database: FluentMeetOptions['database'],
  options: Partial<FluentMeetOptions> = {},
): TestInstance {
  const logger = canaryLogger();
  const publisher = createFakePublisher();
  if (typeof database === 'string') keepSecret('the connection string', database);
  const fluentmeet = createFluentMeet({
    ...testOptions,
    database,
    logger,
    ...(options.kafka ? {} : { publisher }),
    ...options,
  });
  const context = internalsOf(fluentmeet);
  const { secret } = context.config;
  keepSecret('the secret', secret);
  const instance: TestInstance = {
    fluentmeet,
    context,
    publisher,
    events: logger.events,
    query: (sql, bind) => context.database.query(sql, bind),
    async register(name, fields = {}) {
      const profile = await fluentmeet.signUp({
        email: `${name}@example.com`,
        password: canaryPassword,
        ...fields,
      });
      const [row] = await instance.query<{ id: string; verification_token_id: string; event_id: string }>(
        `select id, verification_token_id, event_id from ${context.database.table('email_outbox')}
         where user_id = $1 order by id limit 1`,
        [profile.id],
      );
      const tokenId = row!.verification_token_id;
      return {
        id: profile.id,
        email: profile.email,
        token: tokenValue(secret, tokenId),
        tokenId,
        outboxId: row!.id,
        eventId: row!.event_id,
      };
    },
    async resend(email) {
      await fluentmeet.resendVerification({ email });
      await writeRequestedEmails(context);
    },
    async warmUp() {
      await Promise.all(Array.from({ length: 10 }, () => instance.query('select pg_sleep(0.1)')));
    },
    async stop() {
      // A test may have taken the tables or the connection away.
      const rows = await instance
        .query<{ id: string }>(`select id from ${context.database.table('verification_tokens')}`)
        .catch(() => []);
      keepTokens(
        secret,
        rows.map(({ id }) => id),
      );
      await fluentmeet.stop();
    },
  };
  return instance;
}

/** An instance on a migrated database of its own; `stop()` drops it. */
export async function createMigratedInstance(
  options: Partial<FluentMeetOptions> = {},
): Promise<TestInstance & { url: string }> {
  const { url, drop } = await createDatabase();
  const instance = createTestInstance(url, options);
  await migrateInTime(instance.fluentmeet);
  const { stop } = instance;
  return Object.assign(instance, { url, stop: () => stop().finally(drop) });
}

export interface FakePublisher extends Publisher {
  /** What was published, batch by batch. */
  batches: OutgoingEmail[][];
  /** The result for each email; published unless a test says otherwise. */
  answer: (email: OutgoingEmail) => PublishResult | Promise<PublishResult>;
  /** All that was answered with `published`. */
  readonly published: OutgoingEmail[];
}

export function createFakePublisher(): FakePublisher {
  const published: OutgoingEmail[] = [];
  const publisher: FakePublisher = {
    batches: [],
    published,
    answer: () => ({ status: 'published' }),
    async publish(emails) {
      publisher.batches.push([...emails]);
      const results = await Promise.all(emails.map(async (email) => publisher.answer(email)));
      published.push(...emails.filter((_, index) => results[index]?.status === 'published'));
      return results;
    },
    async check() {},
    async close() {},
  };
  return publisher;
}

/** The verification link of a message that has one. */
export function linkOf({ value }: OutgoingEmail): string {
  if (value.template !== 'verification') throw new Error(`${value.template} has no link`);
  return value.data.verification_link;
}

export function linkToken(email: OutgoingEmail): string {
  return new URL(linkOf(email)).searchParams.get('token') as string;
}

/** What the promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<any> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (!outcome) throw new Error('expected a rejection, and it resolved');
  return outcome.error;
}

/** Resolves once the condition holds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  milliseconds = 30_000,
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
