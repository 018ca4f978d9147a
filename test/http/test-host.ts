import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express5, { type Express, type RequestHandler } from 'express';
// @ts-expect-error The alias has no types of its own; it is used through those of Express 5.
import express4 from 'express4';
import { createFluentMeet, type FluentMeet, type FluentMeetOptions, type LogData } from '../../src/index.js';
import { authRouter } from '../../src/http/index.js';
import { internalsOf } from '../../src/fluentmeet.js';
import { tokenValue } from '../../src/verification/token-value.js';
import { createDatabase } from '../support/postgres.js';
import { migrateInTime } from '../support/migrate-in-time.js';
import { relayLook } from '../relay/relay-look.js';

export const expressVersions = { 'Express 5': express5, 'Express 4': express4 as typeof express5 };
export type ExpressVersion = keyof typeof expressVersions;

const secret = 'a secret of the tests, 32 characters or more';
export const password = 'MyStr0ngP@ss!';

interface LogLine extends LogData {
  level: string;
  message: string;
}

/** A logger that keeps what it is given. */
export function recordingLogger() {
  const lines: LogLine[] = [];
  const log = (level: string) => (data: LogData, message: string) =>
    void lines.push({ level, ...data, message });
  return {
    lines,
    logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
  };
}

const started: (() => Promise<unknown>)[] = [];

/** Ends every server and instance, for `after`. */
export async function stopAll(): Promise<void> {
  for (let stop = started.pop(); stop; stop = started.pop()) await stop();
}

let shared: Promise<string> | undefined;

/** One migrated database for all tests of the routes: each signs up people of its own. */
export function migratedDatabase(): Promise<string> {
  return (shared ??= (async () => {
    const { url } = await createDatabase();
    const { fluentmeet } = createInstance(url);
    await migrateInTime(fluentmeet);
    return url;
  })());
}

export function createInstance(database: string, options: Partial<FluentMeetOptions> = {}) {
  const { lines, logger } = recordingLogger();
  const fluentmeet = createFluentMeet({
    database,
    publisher: 'none',
    publicUrl: 'https://app.example.com',
    secret,
    bcryptCost: 4,
    // The tests share two cores with their services: a slow answer is no outage here.
    databaseQueryTimeout: '20s',
    rateLimits: { signup: 10_000, verify: 10_000, resend: 10_000 },
    logger,
    ...options,
  });
  lines.length = 0; // the warning about bcryptCost
  started.push(() => fluentmeet.stop());
  return { fluentmeet, lines };
}

export interface Host {
  url: string;
  fluentmeet: FluentMeet;
  lines: LogLine[];
  server: Server;
  app: Express;
}

export interface HostOptions {
  options?: Partial<FluentMeetOptions>;
  version?: ExpressVersion;
  /** What the host mounts before the router. */
  before?: readonly RequestHandler[];
  configure?: (app: Express, fluentmeet: FluentMeet) => void;
}

/** A host app on an ephemeral port, with the auth routes under `/api/v1/auth`, its own 404 and error handler. */
export async function startHost(database: string, hostOptions: HostOptions = {}): Promise<Host> {
  const { options, version = 'Express 5', before = [], configure } = hostOptions;
  const { fluentmeet, lines } = createInstance(database, options);
  const app = expressVersions[version]();
  app.set('json spaces', 4);
  for (const handler of before) app.use(handler);
  configure?.(app, fluentmeet);
  app.use('/api/v1/auth', authRouter(fluentmeet));
  app.use((_req, res) => void res.status(404).send('host: not found'));
  app.use(
    ((error, _req, res, _next) =>
      void res.status(418).send(`host: ${error.message}`)) as express5.ErrorRequestHandler,
  );
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  started.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api/v1/auth`, fluentmeet, lines, server, app };
}

let people = 0;

export function freshAddress(): string {
  return `person-${process.pid}-${++people}@example.com`;
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

export function postForm(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(url, { method: 'POST', headers, body: new URLSearchParams(fields) });
}

/** Signs somebody up behind the routes' back. */
export async function signedUp({ fluentmeet }: Pick<Host, 'fluentmeet'>, email = freshAddress()) {
  const profile = await fluentmeet.signUp({ email, password });
  return { ...profile, token: (await tokensOf(fluentmeet, profile.id))[0] as string };
}

/** The values of a user's tokens, oldest first; with those of emails that were asked for again. */
export async function tokensOf(fluentmeet: FluentMeet, userId: number): Promise<string[]> {
  if ((await fluentmeet.models.EmailRequest.count()) > 0) await relayLook(internalsOf(fluentmeet));
  const tokens = await fluentmeet.models.VerificationToken.findAll({
    where: { user_id: userId },
    order: [['created_at', 'ASC']],
    logging: false,
  });
  return tokens.map(({ id }) => tokenValue(secret, id));
}

export async function query<Row extends object>(
  fluentmeet: FluentMeet,
  sql: string,
  bind: unknown[] = [],
): Promise<Row[]> {
  return internalsOf(fluentmeet).database.query<Row>(sql, bind);
}

/** The error body that every one of ours has to be, to the last key. */
export function errorBody(code: string, message: string, details: unknown[] = []) {
  return { status: 'error', code, message, details };
}
