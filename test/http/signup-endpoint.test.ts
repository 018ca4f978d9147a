import { expect } from 'chai';
import express from 'express';
import { fault } from '../../src/faults.js';
import { until } from '../fluentmeet/test-instance.js';
import {
  errorBody,
  type Host,
  expressVersions,
  type ExpressVersion,
  freshAddress,
  migratedDatabase,
  password,
  postJson,
  query,
  startHost,
  stopAll,
} from './test-host.js';

for (const version of Object.keys(expressVersions) as ExpressVersion[]) {
  describe(`POST /signup on ${version}`, () => {
    let database: string;
    let host: Host;
    let signup: string;

    before(async () => {
      database = await migratedDatabase();
      host = await startHost(database, { version });
      signup = `${host.url}/signup`;
    });
    after(stopAll);

    it('answers 201 with exactly the public profile', async () => {
      const email = freshAddress();
      const response = await postJson(signup, {
        email: `  ${email.toUpperCase()} `,
        password,
        full_name: 'Ada Lovelace',
        speaking_language: 'EN-us',
        listening_language: 'fr',
      });
      expect(response.status).to.equal(201);
      expect(response.headers.get('content-type')).to.equal('application/json; charset=utf-8');
      expect(response.headers.get('cache-control')).to.equal('no-store');
      const text = await response.text();
      expect(text, "the host's json spaces are its own").not.to.include('\n');
      const body = JSON.parse(text) as Record<string, unknown>;
      expect(Object.keys(body)).to.deep.equal([
        'id',
        'email',
        'full_name',
        'speaking_language',
        'listening_language',
        'is_active',
        'is_verified',
        'created_at',
      ]);
      expect(body).to.include({
        email,
        full_name: 'Ada Lovelace',
        speaking_language: 'en-US',
        listening_language: 'fr',
        is_active: true,
        is_verified: false,
      });
      expect(body['id']).to.be.a('number');
      expect(new Date(body['created_at'] as string).toISOString()).to.equal(body['created_at']);
    });

    it('takes the defaults for what is left out', async () => {
      const response = await postJson(signup, { email: freshAddress(), password });
      expect(await response.json()).to.include({
        full_name: null,
        speaking_language: 'en',
        listening_language: 'en',
      });
    });

    it('lets no body set a column', async () => {
      const email = freshAddress();
      const response = await postJson(
        signup,
        `{"email":"${email}","password":"${password}","id":1,"is_verified":true,"is_active":false,` +
          `"hashed_password":"x","deleted_at":"2020-01-01","created_at":"2020-01-01","__proto__":{"is_verified":true}}`,
      );
      expect(response.status).to.equal(201);
      const [row] = await query<Record<string, unknown>>(
        host.fluentmeet,
        "select is_verified, is_active, deleted_at, hashed_password, created_at > now() - interval '1 minute' as fresh from users where email = $1",
        [email],
      );
      expect(row).to.include({ is_verified: false, is_active: true, deleted_at: null, fresh: true });
      expect(row?.['hashed_password']).to.match(/^\$2b\$04\$/);
    });

    it('names every fault at once and echoes no value', async () => {
      const response = await postJson(signup, {
        email: 'not-an-address-4711',
        password: 'short47',
        full_name: 'see https://evil4711.example',
        speaking_language: 'xx4711',
        listening_language: 7,
      });
      expect(response.status).to.equal(400);
      const body = (await response.json()) as {
        code: string;
        details: { field: string; code: string; message: string }[];
      };
      expect(Object.keys(body)).to.deep.equal(['status', 'code', 'message', 'details']);
      expect(body.code).to.equal('VALIDATION_ERROR');
      expect(body.details.map(({ field }) => field)).to.deep.equal([
        'email',
        'password',
        'full_name',
        'speaking_language',
        'listening_language',
      ]);
      expect(JSON.stringify(body)).not.to.match(/4711|short47/);
    });

    for (const body of ['[]', '"text"', 'null', '42', 'true', '[{"email":"a@example.com"}]']) {
      it(`answers VALIDATION_ERROR for the field body to ${body}`, async () => {
        const response = await postJson(signup, body);
        expect(response.status).to.equal(400);
        expect(await response.json()).to.deep.equal(
          errorBody('VALIDATION_ERROR', 'The request has invalid fields.', [
            fault('body', 'BODY_NOT_OBJECT'),
          ]),
        );
      });
    }

    it('answers 409 to a known address in any spelling, without hashing', async () => {
      const email = freshAddress();
      await postJson(signup, { email, password });
      const response = await postJson(signup, { email: email.toUpperCase(), password: 'another password' });
      expect(response.status).to.equal(409);
      expect(await response.json()).to.deep.equal(
        errorBody('EMAIL_ALREADY_REGISTERED', 'An account with this email already exists.'),
      );
    });

    it('makes one account of fifty identical requests at once', async () => {
      const email = freshAddress();
      const responses = await Promise.all(
        Array.from({ length: 50 }, () => postJson(signup, { email, password })),
      );
      const statuses = responses.map(({ status }) => status).toSorted((one, other) => one - other);
      expect(statuses).to.deep.equal([201, ...Array.from({ length: 49 }, () => 409)]);
      const [counts] = await query<Record<string, string>>(
        host.fluentmeet,
        `select count(distinct u.id) as users, count(distinct t.id) as tokens, count(distinct o.id) as emails
         from users u left join verification_tokens t on t.user_id = u.id left join email_outbox o on o.user_id = u.id
         where u.email = $1`,
        [email],
      );
      expect(counts).to.deep.equal({ users: '1', tokens: '1', emails: '1' });
    });

    it('answers 405 with Allow to other methods, and 204 to OPTIONS', async () => {
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD']) {
        const response = await fetch(signup, { method });
        expect(response.status, method).to.equal(405);
        expect(response.headers.get('allow'), method).to.equal('POST, OPTIONS');
        if (method === 'HEAD') continue;
        expect(await response.json()).to.deep.equal(
          errorBody('METHOD_NOT_ALLOWED', 'This method is not allowed here.'),
        );
      }
      const options = await fetch(signup, { method: 'OPTIONS' });
      expect(options.status).to.equal(204);
      expect(options.headers.get('allow')).to.equal('POST, OPTIONS');
      expect(await options.text()).to.equal('');
    });

    it('leaves unknown paths, and their errors, to the host', async () => {
      for (const path of ['/signup/extra', '/signups', '', '/unknown']) {
        const response = await postJson(`${host.url}${path}`, { email: freshAddress(), password });
        expect(response.status, path).to.equal(404);
        expect(await response.text()).to.equal('host: not found');
      }
    });

    it('is found in any letter case and with a slash at the end, as Express matches', async () => {
      for (const path of ['/signup/', '/SignUp', '/signup?utm=1']) {
        const response = await postJson(`${host.url}${path}`, { email: freshAddress(), password });
        expect(response.status, path).to.equal(201);
      }
    });
  });
}

describe('POST /signup', () => {
  let database: string;

  before(async () => {
    database = await migratedDatabase();
  });
  after(stopAll);

  it('answers 403 SIGNUP_CLOSED where signup is closed', async () => {
    const host = await startHost(database, { options: { signup: 'closed' } });
    const response = await postJson(`${host.url}/signup`, { email: freshAddress(), password });
    expect(response.status).to.equal(403);
    expect(await response.json()).to.deep.equal(errorBody('SIGNUP_CLOSED', 'Registration is closed.'));
  });

  it('answers 403 to a missing and to a wrong invite, and 201 to a right one, once', async () => {
    const host = await startHost(database, { options: { signup: 'invite' } });
    const { createHash } = await import('node:crypto');
    await query(
      host.fluentmeet,
      `insert into invites (token_hash, expires_at) values ($1, now() + interval '1 hour')`,
      [createHash('sha256').update('the-invite').digest()],
    );
    const post = (invite?: unknown) =>
      postJson(`${host.url}/signup`, { email: freshAddress(), password, invite });
    for (const none of [undefined, '', ' \n']) {
      const missing = await post(none);
      expect(missing.status).to.equal(403);
      expect(await missing.json()).to.include({ code: 'INVITE_REQUIRED' });
    }
    const wrong = await post('another');
    expect(wrong.status).to.equal(403);
    expect(await wrong.json()).to.include({ code: 'INVITE_INVALID' });
    // As it is copied from a mail or a terminal.
    expect((await post(' the-invite\n')).status).to.equal(201);
    expect(await (await post('the-invite')).json()).to.include({ code: 'INVITE_INVALID' });
  });

  it('refuses a weak password where there is a policy, with its language list', async () => {
    const host = await startHost(database, { options: { passwordMinScore: 3, languages: ['en', 'fr'] } });
    const response = await postJson(`${host.url}/signup`, {
      email: freshAddress(),
      password: 'password1',
      speaking_language: 'de',
    });
    const { details } = (await response.json()) as { details: { field: string }[] };
    expect(details.map(({ field }) => field)).to.have.members(['speaking_language', 'password']);
  });

  it('answers 503 with Retry-After when too many passwords wait', async () => {
    const host = await startHost(database, { options: { hashConcurrency: 1, bcryptCost: 10 } });
    const responses = await Promise.all(
      Array.from({ length: 60 }, () => postJson(`${host.url}/signup`, { email: freshAddress(), password })),
    );
    const refused = responses.filter(({ status }) => status !== 201);
    expect(refused.length).to.be.greaterThan(0);
    for (const response of refused) {
      expect(response.status).to.equal(503);
      expect(response.headers.get('retry-after')).to.equal('5');
      expect(await response.json()).to.deep.equal(
        errorBody('SERVICE_UNAVAILABLE', 'The service is temporarily unavailable. Try again in a moment.'),
      );
    }
  });

  it('lets no client fill the queue of passwords: the next one is served', async () => {
    const host = await startHost(database, { options: { hashConcurrency: 1, bcryptCost: 12 } });
    host.app.set('trust proxy', 1);
    const ask = (client: string) =>
      postJson(`${host.url}/signup`, { email: freshAddress(), password }, { 'X-Forwarded-For': client });
    const [flood, other] = await Promise.all([
      Promise.all(Array.from({ length: 40 }, () => ask('192.0.2.7'))),
      ask('192.0.2.8'),
    ]);
    expect(other.status).to.equal(201);
    // 33 places: a quarter at once, and those that come when a place is free again.
    const served = flood.filter(({ status }) => status === 201).length;
    expect(served).to.be.within(8, 16);
    expect(flood.filter(({ status }) => status === 503)).to.have.lengthOf(40 - served);
  });

  it('answers 503 at once when the database is unreachable, and logs one line without a secret', async () => {
    const host = await startHost('postgres://nobody:hush-hush@127.0.0.1:1/none');
    const start = performance.now();
    const response = await postJson(`${host.url}/signup`, { email: freshAddress(), password });
    expect(performance.now() - start).to.be.lessThan(6000);
    expect(response.status).to.equal(503);
    expect(response.headers.get('retry-after')).to.equal('5');
    expect(host.lines.map(({ level, event }) => [level, event])).to.deep.equal([
      ['warn', 'http.unavailable'],
    ]);
    expect(JSON.stringify(host.lines)).not.to.match(/hush-hush|MyStr0ng|person-/);
  });

  it('answers 500 with nothing of the cause, and logs it once without the statement', async () => {
    const host = await startHost(database, { options: { databaseSchema: 'nowhere' } });
    const response = await postJson(`${host.url}/signup`, { email: freshAddress(), password });
    expect(response.status).to.equal(500);
    expect(await response.json()).to.deep.equal(
      errorBody('INTERNAL_SERVER_ERROR', 'Something went wrong on our side. Try again later.'),
    );
    expect(host.lines.map(({ level, event }) => [level, event])).to.deep.equal([['error', 'http.failed']]);
    expect(JSON.stringify(host.lines)).not.to.match(/MyStr0ng|person-|select/);
  });

  it('hashes for nobody once the client is gone', async () => {
    const host = await startHost(database, {
      before: [
        express.json(),
        (_req, res, next) => {
          res.socket?.destroy();
          res.once('close', next);
        },
      ],
    });
    const email = freshAddress();
    await postJson(`${host.url}/signup`, { email, password }).then(
      () => expect.fail('the connection was cut'),
      () => undefined,
    );
    await until(() => host.lines.length > 0, 'the end of it was logged');
    expect(await host.fluentmeet.findUserByEmail(email)).to.equal(null);
    expect(host.lines.map(({ level }) => level)).to.deep.equal(['debug']);
  });

  it('logs a signup as one line whatever the name holds, without password, hash or address', async () => {
    const host = await startHost(database);
    const email = freshAddress();
    await postJson(`${host.url}/signup`, { email, password, full_name: 'Ada' });
    expect(host.lines.map(({ event }) => event)).to.deep.equal(['user.signed-up']);
    expect(JSON.stringify(host.lines))
      .not.to.include(email)
      .and.not.to.match(/MyStr0ng|\$2b\$/);
  });

  describe("with duplicates: 'conceal'", () => {
    it('answers a new and a known address alike, and writes to the owner of the known one', async () => {
      const host = await startHost(database, { options: { duplicates: 'conceal' } });
      const email = freshAddress();
      const first = await postJson(`${host.url}/signup`, { email, password });
      const second = await postJson(`${host.url}/signup`, { email, password: 'another password' });
      expect([first.status, second.status]).to.deep.equal([202, 202]);
      const bodies = [await first.text(), await second.text()];
      expect(bodies[0]).to.equal(bodies[1]);
      expect(Object.keys(JSON.parse(bodies[0] as string) as object)).to.deep.equal(['status', 'message']);
      expect(headerNames(first)).to.deep.equal(headerNames(second));
      const user = await host.fluentmeet.findUserByEmail(email);
      const emails = await query<{ template: string }>(
        host.fluentmeet,
        'select template from email_outbox where user_id = $1 order by id',
        [user?.id],
      );
      expect(emails.map(({ template }) => template)).to.deep.equal(['verification', 'verification']);
    });
  });
});

function headerNames(response: Response): string[] {
  return [...response.headers.keys()].toSorted();
}
