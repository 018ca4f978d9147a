import { expect } from 'chai';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { solveAltcha } from '../../challenge/solve-altcha.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { requireOwnRedis } from '../../support/redis.js';
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { runCli } from '../run-cli.js';
import { type RunningServer, runServer } from '../run-server.js';
import { query } from '../query.js';

const person = { email: 'ada@example.com', password: 'MyStr0ngP@ss!' };

describe('fluentmeet serve', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  let server: RunningServer | undefined;
  let second: RunningServer | undefined;
  before(async () => {
    database = await createDatabase();
    env = {
      DATABASE_URL: database.url,
      // Nobody listens there: a server starts without Kafka all the same.
      KAFKA_BROKERS: '127.0.0.1:1',
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: 's'.repeat(32),
      FLUENTMEET_BCRYPT_COST: '10',
      PORT: '0',
      FLUENTMEET_ADMIN_PORT: '0',
    };
    await runCli(['migrate', 'up'], { env });
  });
  after(() => database.drop());
  afterEach(async () => {
    for (const one of [server, second]) {
      one?.io.signals.emit('SIGTERM');
      await one?.ended;
    }
    server = second = undefined;
    await query(database.url, 'truncate users cascade');
  });

  async function start(more: Record<string, string> = {}, args: string[] = []) {
    server = runServer(['serve', ...args], { env: { ...env, ...more } });
    const url = (await server.untilEvent('server.listening'))['url'] as string;
    const admin = (await server.untilEvent('server.admin-listening'))['url'] as string;
    return { server, url, admin };
  }
  const signUp = (url: string, body: object = person) =>
    fetch(`${url}/api/v1/auth/signup`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('names everything that is missing or unfit for production at once, with exit code 2', async () => {
    const { code, stdout, stderr } = await runCli(['serve'], { env: { FLUENTMEET_BCRYPT_COST: '4' } });
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    for (const name of [
      'DATABASE_URL',
      'KAFKA_BROKERS',
      'FLUENTMEET_PUBLIC_URL',
      'FLUENTMEET_SECRET',
      'FLUENTMEET_BCRYPT_COST',
    ]) {
      expect(stderr).to.contain(`${name}: `);
    }
  });

  it('answers signups while Kafka is down, is ready, and tells of the relay', async () => {
    const { server: running, url } = await start();
    const response = await signUp(url);
    expect(response.status).to.equal(201);
    await running.untilEvent('relay.away');
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).to.equal(200);
    expect(await ready.json()).to.include({ status: 'ready', database: 'reachable', schema: 'current' });
    expect(await (await fetch(`${url}/healthz`)).json()).to.deep.equal({ status: 'ok' });
    const log = running.stderr.text;
    expect(log).not.to.contain(person.password).and.not.to.contain(person.email);
    expect(log).not.to.match(/\$2b\$|postgres:\/\//);
  });

  it('serves metrics on the admin port alone, and no data of people in them', async () => {
    const { url, admin } = await start();
    await signUp(url);
    const response = await fetch(`${admin}/metrics`);
    expect(response.headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text)
      .to.match(/^fluentmeet_emails_pending 1$/m)
      .and.match(/^fluentmeet_emails_dead 0$/m);
    expect(text).to.match(/fluentmeet_events_total\{event="user\.signed-up"\} 1/);
    expect(text).to.match(/_count\{method="POST",route="\/api\/v1\/auth\/signup",status="201"\} 1/);
    expect(text).not.to.contain('ada');
    for (const path of ['/healthz', '/readyz']) expect((await fetch(admin + path)).status).to.equal(200);
    expect((await fetch(`${url}/metrics`)).status).to.equal(404);
  });

  it('ends as a host does: its own 404, malformed URLs, no framework named, the OpenAPI document', async () => {
    const { url } = await start();
    const missing = await fetch(`${url}/nothing`);
    expect(missing.status).to.equal(404);
    expect(await missing.json()).to.include({ status: 'error', code: 'NOT_FOUND' });
    expect(missing.headers.get('x-powered-by')).to.equal(null);
    expect((await fetch(`${url}/%zz`)).status).to.be.oneOf([400, 404]);
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      openapi: string;
      paths: object;
    };
    expect(document.openapi).to.equal('3.1.0');
    expect(document.paths).to.have.property('/api/v1/auth/signup');
    const page = await fetch(`${url}/openapi`);
    expect(page.headers.get('content-security-policy')).to.match(/^default-src 'none'; style-src 'sha256-/);
    expect(await page.text()).to.contain('https://app.example.com/api/v1/auth/signup');
  });

  it('refuses to start on pending migrations, and warns of a newer database', async () => {
    const empty = await createDatabase();
    const behind = await runCli(['serve'], { env: { ...env, DATABASE_URL: empty.url } });
    await empty.drop();
    expect(behind.code).to.equal(1);
    expect(behind.stderr).to.contain('fluentmeet migrate up');

    await query(database.url, `insert into fluentmeet_migrations (name) values ('9999-future')`);
    const { server: running, url } = await start();
    expect((await running.untilEvent('schema.ahead'))['level']).to.equal('warn');
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).to.equal(200);
    expect(await ready.json()).to.include({ status: 'ready', schema: 'ahead' });
    await query(database.url, `delete from fluentmeet_migrations where name = '9999-future'`);
  });

  it('ends with 4 when the database is away, and with 1 and advice when the port is taken', async () => {
    const away = await runCli(['serve', '--wait', '0s'], {
      env: { ...env, DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/app' },
    });
    expect(away.code).to.equal(4);
    expect(away.stderr).not.to.contain('hunter2');
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const run = await runCli(['serve', '--port', port], { env });
    taken.close();
    expect(run.code).to.equal(1);
    expect(run.stderr).to.contain(`port ${port} is taken`).and.contain('--port');
  });

  it('is not ready while the database has not all its tables, and lives', async () => {
    const { url } = await start();
    await query(database.url, 'alter table fluentmeet_migrations rename to hidden');
    const response = await fetch(`${url}/readyz`);
    await query(database.url, 'alter table hidden rename to fluentmeet_migrations');
    expect(response.status).to.equal(503);
    expect(await response.json()).to.include({ status: 'not ready', schema: 'behind' });
    expect((await fetch(`${url}/healthz`)).status).to.equal(200);
  });

  it('is not ready while the database takes no writes, as a standby does not', async () => {
    const { url } = await start();
    const name = new URL(database.url).pathname.slice(1);
    await query(database.url, `alter database "${name}" set default_transaction_read_only = on`);
    const others =
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()';
    await query(database.url, `${others} and pid <> pg_backend_pid()`);
    const until = async (status: number) => {
      for (;;) {
        const response = await fetch(`${url}/readyz`);
        if (response.status === status) return (await response.json()) as Record<string, unknown>;
        await response.text();
      }
    };
    let answer = await until(503);
    while (answer['database'] !== 'read-only') answer = await until(503);
    expect(answer).to.include({ status: 'not ready', database: 'read-only', schema: 'current' });
    await query(
      database.url,
      `begin read write; alter database "${name}" reset default_transaction_read_only; commit`,
    );
    // Nobody else asks while we are not ready: it finds out by itself that it is over.
    expect(await until(200)).to.include({ status: 'ready', database: 'reachable' });
  });

  it('finishes the requests in flight on SIGTERM, takes no new ones, and ends with 0', async () => {
    const { server: running, url, admin } = await start({ FLUENTMEET_BCRYPT_COST: '13' });
    const pending = signUp(url);
    while (!/^fluentmeet_passwords_pending 1$/m.test(await (await fetch(`${admin}/metrics`)).text()));
    running.io.signals.emit('SIGTERM');
    expect((await pending).status).to.equal(201);
    const asked = performance.now();
    expect(await running.ended).to.equal(0);
    // Not the ten seconds that a kept-alive connection would take.
    expect(performance.now() - asked).to.be.below(8_000);
    await fetch(`${url}/healthz`).then(
      () => expect.fail('still accepts'),
      () => undefined,
    );
    expect(running.exits).to.deep.equal([]);
    const [email] = await query(database.url, 'select status, lease_token from email_outbox');
    expect(email).to.deep.equal({ status: 'pending', lease_token: null });
  });

  it('says no at once and closes later, where balancers need time; its relay claims nothing meanwhile', async () => {
    const { server: running, url, admin } = await start({ FLUENTMEET_STOP_DELAY: '3s' });
    const asked = performance.now();
    running.io.signals.emit('SIGHUP');
    await running.untilEvent('server.stopping');
    for (const at of [url, admin]) {
      const ready = await fetch(`${at}/readyz`);
      expect([ready.status, await ready.json()]).to.deep.equal([503, { status: 'stopping' }]);
      expect((await fetch(`${at}/healthz`)).status).to.equal(200);
    }
    const response = await signUp(url);
    expect([response.status, response.headers.get('connection')]).to.deep.equal([201, 'close']);
    expect(await running.ended).to.equal(0);
    expect(performance.now() - asked).to.be.above(2_900);
    const [email] = await query(database.url, 'select status, claims from email_outbox');
    expect(email).to.deep.equal({ status: 'pending', claims: 0 });
  });

  it('does not wait for a silent client', async () => {
    const { server: running, url } = await start();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    await fetch(`${url}/healthz`);
    const asked = performance.now();
    running.io.signals.emit('SIGTERM');
    expect(await running.ended).to.equal(0);
    // Not the eight seconds that a request would have.
    expect(performance.now() - asked).to.be.below(7_000);
    socket.destroy();
  });

  describe('with a database that is not there yet', () => {
    let door: TcpProxy;
    let waiting: Record<string, string>;
    beforeEach(async () => {
      const { hostname, port } = new URL(database.url);
      door = await startProxy({ host: hostname, port: Number(port || 5432) });
      await door.setMode('refuse');
      const through = new URL(database.url);
      through.hostname = '127.0.0.1';
      through.port = String(door.port);
      waiting = { ...env, DATABASE_URL: through.href };
    });
    afterEach(() => door.stop());

    it('waits with one line, lives and is not ready meanwhile, and then starts', async () => {
      server = runServer(['serve'], { env: waiting });
      const admin = (await server.untilEvent('server.admin-listening'))['url'] as string;
      expect((await server.untilEvent('database.waiting'))['code']).to.equal('ECONNREFUSED');
      expect((await fetch(`${admin}/healthz`)).status).to.equal(200);
      const ready = await fetch(`${admin}/readyz`);
      expect([ready.status, await ready.json()]).to.deep.equal([503, { status: 'starting' }]);
      expect(await (await fetch(`${admin}/metrics`)).text()).to.match(/^fluentmeet_emails_pending Nan$/m);
      await door.setMode('pass');
      const { url } = await server.untilEvent('server.listening');
      expect((await fetch(`${String(url)}/readyz`)).status).to.equal(200);
      expect(server.events().filter(({ event }) => event === 'database.waiting')).to.have.length(1);
    });

    it('gives up after --wait with 4, and stops waiting on SIGTERM with 0', async () => {
      const began = performance.now();
      const given = await runCli(['serve', '--wait', '1s'], { env: waiting });
      expect(given.code).to.equal(4);
      expect(performance.now() - began).to.be.within(900, 20_000);
      server = runServer(['serve'], { env: waiting });
      await server.untilEvent('database.waiting');
      const asked = performance.now();
      server.io.signals.emit('SIGTERM');
      expect(await server.ended).to.equal(0);
      // Not the thirty seconds for which it waits.
      expect(performance.now() - asked).to.be.below(20_000);
    });

    it('waits for one that accepts and never answers, and hears SIGTERM all the same', async () => {
      await door.setMode('freeze');
      server = runServer(['serve'], { env: waiting });
      expect((await server.untilEvent('database.waiting'))['code']).to.equal('no answer');
      server.io.signals.emit('SIGTERM');
      expect(await server.ended).to.equal(0);
      expect(server.exits, 'by itself, before the last deadline').to.deep.equal([]);
    });

    it('does not wait for one that is there and refuses', async () => {
      await door.setMode('pass');
      const missing = new URL(waiting['DATABASE_URL'] as string);
      missing.pathname = '/no_such_database';
      const began = performance.now();
      const { code, stderr } = await runCli(['serve'], { env: { ...waiting, DATABASE_URL: missing.href } });
      expect(code).to.equal(4);
      expect(performance.now() - began).to.be.below(20_000);
      expect(stderr).not.to.contain('database.waiting');
    });
  });

  it('ends at once on a second signal', async () => {
    const { server: running } = await start();
    running.io.signals.emit('SIGINT');
    running.io.signals.emit('SIGINT');
    expect(running.exits).to.deep.equal([130]);
    await running.ended;
  });

  it('cuts off a client that does not finish its headers', async () => {
    const { url } = await start();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n');
    const started = performance.now();
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 500);
    socket.on('error', () => undefined).on('close', () => clearInterval(drip));
    // With an error perhaps, which is how once() would end.
    await new Promise((resolve) => socket.resume().once('close', resolve));
    expect(performance.now() - started).to.be.within(9_000, 25_000);
  });

  it('publishes nothing and needs no Kafka with --no-relay', async () => {
    const { server: running, url } = await start({ KAFKA_BROKERS: '' }, ['--no-relay']);
    expect((await signUp(url)).status).to.equal(201);
    expect(await (await fetch(`${url}/readyz`)).json()).to.include({ relay: 'none' });
    expect(running.events().map(({ event }) => event)).not.to.include('relay.away');
  });

  it('asks for a proof of work with FLUENTMEET_CHALLENGE, and hands it out', async () => {
    const { url } = await start({ FLUENTMEET_CHALLENGE: 'altcha:2' });
    expect((await signUp(url)).status).to.equal(403);
    const altcha = await solveAltcha(`${url}/signup?challenge`);
    expect((await signUp(url, { ...person, altcha })).status).to.equal(201);
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object };
    expect(paths).to.have.property('/api/v1/auth/signup/challenge');
  });

  it('takes the client address from the proxies that are trusted, and only from them', async () => {
    const remaining = async (url: string, client: string): Promise<string | null> => {
      const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': client };
      const response = await fetch(`${url}/api/v1/auth/signup`, { method: 'POST', headers, body: '{}' });
      return response.headers.get('ratelimit');
    };
    const trusting = await start({ FLUENTMEET_TRUST_PROXY: '1' });
    const first = await remaining(trusting.url, '192.0.2.1');
    expect(await remaining(trusting.url, '192.0.2.2')).to.equal(first);
    trusting.server.io.signals.emit('SIGTERM');
    await trusting.server.ended;
    const plain = await start();
    const one = await remaining(plain.url, '192.0.2.1');
    expect(await remaining(plain.url, '192.0.2.2')).not.to.equal(one);
  });

  it('shares its rate limits through Redis, and limits by itself while Redis is away', async function () {
    const redis = await requireOwnRedis(this);
    const more = { REDIS_URL: redis.url, FLUENTMEET_SIGNUP_RATE_LIMIT: '4' };
    const { server: one, url } = await start(more);
    const other = (second = runServer(['serve'], { env: { ...env, ...more } }));
    const otherUrl = (await other.untilEvent('server.listening'))['url'] as string;
    const statuses = [];
    for (const to of [url, otherUrl, url, otherUrl, url, otherUrl])
      statuses.push((await signUp(to, {})).status);
    expect(statuses).to.deep.equal([400, 400, 400, 400, 429, 429]);
    other.io.signals.emit('SIGTERM');
    expect(await other.ended).to.equal(0);

    await redis.kill();
    const began = performance.now();
    const alone = [];
    for (let count = 0; count < 5; count += 1) alone.push((await signUp(url, {})).status);
    expect(alone).to.deep.equal([400, 400, 400, 400, 429]);
    expect(performance.now() - began).to.be.below(10_000);
    // That the connection closed, and that there is no other.
    expect(one.events().filter(({ event }) => event === 'redis.away')).to.have.length.within(1, 2);
  });

  it('starts while Redis is away', async () => {
    const { url } = await start({ REDIS_URL: 'redis://user:hunter2@127.0.0.1:1' });
    expect((await signUp(url)).status).to.equal(201);
    expect(server?.stderr.text).not.to.contain('hunter2');
  });
});
