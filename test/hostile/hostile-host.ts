import { createApp } from '../../src/cli/server/app.js';
import { listen } from '../../src/cli/server/listen.js';
import { createFluentMeet, type FluentMeet, type FluentMeetOptions } from '../../src/index.js';
import { internalsOf } from '../../src/fluentmeet.js';
import { tokenValue } from '../../src/verification/token-value.js';
import { captureLogger, type CapturedLogger } from '../support/log-capture.js';
import { createDatabase } from '../support/postgres.js';
import { migrateInTime } from '../support/migrate-in-time.js';

export const hostSecret = 'the secret of the hostile client, 32 or more';
export const authPath = '/api/v1/auth';
export const goodPassword = 'MyStr0ngP@ss!';

/** The standalone server's own parts (its app and its listener) in this process, on a database of its own. */
export interface HostileHost {
  /** With `/api/v1/auth`. */
  url: string;
  port: number;
  fluentmeet: FluentMeet;
  logger: CapturedLogger;
  query<Row extends object>(sql: string, bind?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

export interface HostileHostOptions {
  options?: Partial<FluentMeetOptions>;
  trustProxy?: boolean | number | string;
  /** Default: a new database. */
  database?: string;
}

export async function startHostileHost({
  options = {},
  trustProxy = false,
  database: given,
}: HostileHostOptions = {}): Promise<HostileHost> {
  const database = given === undefined ? await createDatabase() : { url: given, drop: async () => undefined };
  const logger = captureLogger();
  const fluentmeet = createFluentMeet({
    database: database.url,
    publisher: 'none',
    publicUrl: 'https://app.example.com',
    secret: hostSecret,
    bcryptCost: 4,
    // A busy machine is no outage.
    databaseQueryTimeout: '20s',
    rateLimits: { signup: 1_000_000, verify: 1_000_000, resend: 1_000_000 },
    logger,
    ...options,
  });
  await migrateInTime(fluentmeet);
  const app = createApp({ fluentmeet, logger, trustProxy });
  const listening = await listen(app, { host: '127.0.0.1', port: 0, portAdvice: '' });
  const { database: connection } = internalsOf(fluentmeet);
  return {
    url: `http://127.0.0.1:${listening.port}${authPath}`,
    port: listening.port,
    fluentmeet,
    logger,
    query: (sql, bind) => connection.query(sql, bind),
    async stop() {
      await listening.close();
      await fluentmeet.stop();
      await database.drop();
    },
  };
}

export interface RowCounts {
  users: number;
  tokens: number;
  emails: number;
}

/** Of one moment. Where signups are all that happened, the three are equal. */
export async function countRows({ query }: Pick<HostileHost, 'query'>): Promise<RowCounts> {
  const [row] = await query<Record<keyof RowCounts, string>>(
    `select (select count(*) from users) as users, (select count(*) from verification_tokens) as tokens,
            (select count(*) from email_outbox) as emails`,
  );
  return { users: Number(row!.users), tokens: Number(row!.tokens), emails: Number(row!.emails) };
}

export interface StoredUser {
  id: string;
  email: string;
  hashed_password: string;
  full_name: string | null;
  speaking_language: string;
  listening_language: string;
  is_active: boolean;
  is_verified: boolean;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
}

export async function storedUser(
  { query }: Pick<HostileHost, 'query'>,
  id: number,
): Promise<StoredUser | undefined> {
  const [row] = await query<StoredUser>('select * from users where id = $1', [id]);
  return row;
}

export interface Account {
  id: number;
  email: string;
  token: string;
  tokenId: string;
}

let accounts = 0;

/** Signs somebody up behind the routes' back. */
export async function signUpSomebody(host: Pick<HostileHost, 'fluentmeet' | 'query'>): Promise<Account> {
  const { id, email } = await host.fluentmeet.signUp({
    email: `somebody-${process.pid}-${++accounts}@example.com`,
    password: goodPassword,
  });
  const [row] = await host.query<{ id: string }>('select id from verification_tokens where user_id = $1', [
    id,
  ]);
  return { id, email, tokenId: row!.id, token: tokenValue(hostSecret, row!.id) };
}

export function postJson(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
