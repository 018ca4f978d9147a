import { inspect } from 'node:util';
import { createFakePublisher } from '../fluentmeet/test-instance.js';
import { createFluentMeet, createKafkaPublisher } from '../../src/index.js';
import { tokenValue } from '../../src/verification/token-value.js';
import { captureLogger } from '../support/log-capture.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { type AreaReport, createTally } from './area.js';
import type { Allowed } from './canaries.js';
import { type CanaryRun, startCanaryRun } from './canary-run.js';
import { type HostileHost, startHostileHost } from './hostile-host.js';

/** Every path of the routes, errors included; what the module logs is kept at every level, with all an Error carries. */
export async function runHttpCanaries(): Promise<AreaReport> {
  const tally = createTally('canaries, HTTP');
  const run = await startCanaryRun(tally);
  try {
    const messages = await walkRoutes(run);
    await breakDatabase(run);
    await breakKafka(run);
    await invites(run);
    const { texts, characters } = run.heard();
    return tally.report(`${texts} texts, ${Math.round(characters / 1000)} kB, ${messages} messages searched`);
  } finally {
    await run.stop();
  }
}

async function walkRoutes(run: CanaryRun): Promise<number> {
  const { canaries, check, hear } = run;
  const { address, password, secret } = canaries;
  const publisher = createFakePublisher();
  const host = await startHostileHost({ database: run.url, options: { publisher, secret } });
  try {
    await host.fluentmeet.start();
    const good = { email: address, password, full_name: 'Kanarie' };
    const created = await talk(run, host, '201', 'signup', good, { address: true });
    check('the 201 shows the address', created.includes(address));
    await until(() => publisher.published.length === 1);
    const [message] = publisher.published;
    const ids = await run.query<{ id: string }>('select id from verification_tokens');
    const tokens = ids.map(({ id }) => tokenValue(secret, id));
    canaries.addTokens(tokens);
    const [token] = tokens as [string];
    check('the message has the link and the address', JSON.stringify(message?.value).includes(token));
    hear('message value', JSON.stringify(message?.value), { address: true, token: true });
    hear('Kafka headers and key', JSON.stringify([message?.headers, message?.key]));

    const wrongToken = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
    await talk(run, host, '409', 'signup', good);
    await talk(run, host, '400 of every field', 'signup', {
      email: `${address},${address}`,
      password: password.repeat(3),
      full_name: `www.${address.split('@')[0]}.com`,
      speaking_language: password.slice(0, 20),
      listening_language: address,
      [password]: password,
    });
    await talk(run, host, '400 of a body that is none', 'signup', [good]);
    await talk(run, host, '400 of broken JSON', 'signup', JSON.stringify(good).slice(0, -1));
    await talk(run, host, '413', 'signup', { ...good, more: password.repeat(4_000) });
    await talk(run, host, '415', 'signup', JSON.stringify(good), {}, { 'content-type': 'text/plain' });
    await talk(run, host, '415 of bytes', 'signup', Buffer.from(`{"password":"${password}\u00ff`, 'latin1'));
    await talk(run, host, '400 of gzip', 'signup', JSON.stringify(good), {}, { 'content-encoding': 'gzip' });
    hear('404', await text(fetch(`${host.url}/${encodeURIComponent(password)}?${token}`)));
    hear('405', await text(fetch(`${host.url}/signup?password=${encodeURIComponent(password)}`)));

    await talk(run, host, 'resend', 'resend-verification', { email: address });
    await talk(run, host, 'resend, malformed', 'resend-verification', { email: `${address}\0` });
    await talk(run, host, 'resend, of another type', 'resend-verification', { email: [address] });
    hear('the page', await text(fetch(`${host.url}/verify-email?token=${token}`)), { token: true });
    hear('the page of a wrong token', await text(fetch(`${host.url}/verify-email?token=${wrongToken}`)));
    hear(
      'HEAD',
      JSON.stringify([
        ...(await fetch(`${host.url}/verify-email?token=${token}`, { method: 'HEAD' })).headers,
      ]),
    );
    await talk(run, host, 'a wrong token', 'verify-email', { token: wrongToken });
    await talk(run, host, 'a wrong action', 'verify-email', { token, action: token });
    await run.query(`update verification_tokens set expires_at = now() - interval '1 second'`);
    await talk(run, host, 'an expired token', 'verify-email', { token });
    await run.query(`update verification_tokens set expires_at = now() + interval '1 hour'`);
    await talk(run, host, 'verified', 'verify-email', { token });
    await talk(run, host, 'verified again', 'verify-email', { token });
    await talk(run, host, 'removing a verified one', 'verify-email', { token, action: 'remove' });

    for (const route of ['/openapi.json', '/healthz', '/metrics']) {
      hear(route, await text(fetch(new URL(route, host.url))));
    }
    const user = await host.fluentmeet.findUserByEmail(address);
    hear('a user that somebody logs', JSON.stringify(user), { address: true });
    check('the log is not empty', host.logger.entries.length > 3);
    hear('the log', host.logger.text());
    return publisher.published.length;
  } finally {
    await host.stop();
  }
}

/** The database gone, refusing the user, and answering with errors that carry a statement's parameters. */
async function breakDatabase(run: CanaryRun): Promise<void> {
  const { canaries, hear } = run;
  const { password, secret } = canaries;
  const good = { email: `x${canaries.address}`, password };
  const target = new URL(run.url);
  const proxy: TcpProxy = await startProxy({ host: '127.0.0.1', port: Number(target.port) });
  target.port = String(proxy.port);
  const away = await startHostileHost({
    database: target.href,
    options: { secret, databaseQueryTimeout: '1s' },
  });
  try {
    await proxy.setMode('refuse');
    await talk(run, away, '503, database away', 'signup', good);
    await proxy.setMode('freeze');
    await talk(run, away, '503, database silent', 'signup', good);
    await talk(run, away, '503, resend', 'resend-verification', good);
    hear('the log of the outage', away.logger.text());
  } finally {
    await proxy.setMode('pass');
    await away.stop();
    await proxy.stop();
  }

  const refused = await startHostileHost({ database: run.url, options: { secret } });
  try {
    await run.query(
      `alter table users add constraint no_canary check (full_name is distinct from 'Kanarienvogel')`,
    );
    await talk(run, refused, '500, a constraint', 'signup', { ...good, full_name: 'Kanarienvogel' });
    await run.query('alter table users drop constraint no_canary');
    await run.query(`create function complain() returns trigger language plpgsql as
      $$begin raise exception 'no % with %', new.email, new.hashed_password; end$$`);
    await run.query(
      'create trigger complain before insert on users for each row execute function complain()',
    );
    await talk(run, refused, '500, a trigger that quotes', 'signup', good);
    await run.query('drop function complain cascade');
    await run.query('alter table users rename column hashed_password to hidden');
    await talk(run, refused, '500, a column is missing', 'signup', good);
    await run.query('alter table users rename column hidden to hashed_password');
    hear('the log of the refusals', refused.logger.text());
    const error = await refused.fluentmeet.signUp({ ...good, email: canaries.address }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    hear('what the library throws', everythingOf(error));
  } finally {
    await refused.stop();
  }

  const logger = captureLogger();
  const wrong = createFluentMeet({
    database: run.wrongUrl,
    publisher: 'none',
    publicUrl: 'https://app.example.com',
    secret,
    logger,
  });
  try {
    const error = await wrong.migrate().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    hear('migrate with a wrong password', everythingOf(error));
    hear('its log', logger.text());
  } finally {
    await wrong.stop();
  }
}

/** A broker that there is not, and that one has to log in to. */
async function breakKafka(run: CanaryRun): Promise<void> {
  const { canaries, hear } = run;
  const kafka = {
    brokers: ['127.0.0.1:1'],
    sasl: { mechanism: 'plain' as const, username: 'canary', password: canaries.saslPassword },
  };
  const host = await startHostileHost({
    database: run.url,
    options: { secret: canaries.secret },
  });
  try {
    const publisher = createKafkaPublisher({ kafka, topic: 'notifications.email', logger: host.logger });
    const results = await publisher.publish([
      {
        key: '1',
        value: { to: canaries.address, subject: '', template: 'verification', data: { full_name: null } },
        headers: {},
      } as never,
    ]);
    hear(
      'a failure to publish',
      everythingOf(results.map((result) => ('error' in result ? result.error : result))),
    );
    hear('a failed check', everythingOf(await publisher.check().catch((error: unknown) => error)));
    await publisher.close();
    hear('the log of Kafka’s client', host.logger.text());
  } finally {
    await host.stop();
  }
}

async function invites(run: CanaryRun): Promise<void> {
  const { address, password, secret } = run.canaries;
  const host = await startHostileHost({
    database: run.url,
    options: { secret, signup: 'invite', duplicates: 'conceal', passwordMinScore: 4 },
  });
  try {
    const good = { email: `y${address}`, password };
    await talk(run, host, '403 without an invite', 'signup', good);
    await talk(run, host, '403 of a wrong invite', 'signup', { ...good, invite: password });
    await talk(run, host, '400 of a weak password', 'signup', {
      ...good,
      password: /[0-9a-f]{18}/.exec(address)![0],
    });
    run.hear('the log of the invites', host.logger.text());
  } finally {
    await host.stop();
  }
}

async function talk(
  run: CanaryRun,
  { url }: Pick<HostileHost, 'url'>,
  place: string,
  route: string,
  body: unknown,
  allowed: Allowed = {},
  headers: Record<string, string> = {},
): Promise<string> {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const response = await fetch(`${url}/${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: bytes,
  });
  const answer = await response.text();
  const status = /^\d{3}/.exec(place)?.[0] ?? String(response.status);
  run.check(`${place}, its status`, String(response.status) === status, `answered ${response.status}`);
  run.hear(place, `${JSON.stringify([...response.headers])}\n${answer}`, allowed);
  return answer;
}

async function text(response: Promise<Response>): Promise<string> {
  return (await response).text();
}

/** Whatever a logger could make of an error: its fields, its stack, its causes. */
function everythingOf(error: unknown): string {
  return `${inspect(error, { depth: 10, showHidden: true })}\n${JSON.stringify(error)}`;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
