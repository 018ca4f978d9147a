import { randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import { expect } from 'chai';
import sinon from 'sinon';
import { internalsOf } from '../../src/fluentmeet.js';
import { freshAddress, type Host, migratedDatabase, password, startHost, stopAll } from './test-host.js';

const other = 'An0ther-P@ssword!';

describe('a signup with an Idempotency-Key', () => {
  let database: string;
  let host: Host;

  before(async () => {
    database = await migratedDatabase();
    host = await startHost(database);
  });
  after(stopAll);

  const signUp = (body: object, key: string, at = host) =>
    fetch(`${at.url}/signup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
  const status = async (key: string, at = host) => {
    const response = await fetch(`${at.url}/signup/status`, { headers: { 'idempotency-key': key } });
    return [response.status, (await response.json()) as Record<string, unknown>] as const;
  };
  const code = async (response: Response) => [
    response.status,
    ((await response.json()) as { code: string }).code,
  ];
  const emailsTo = (email: string, at = host) =>
    internalsOf(at.fluentmeet).database.query(
      `select from ${internalsOf(at.fluentmeet).database.table('email_outbox')} o
       join ${internalsOf(at.fluentmeet).database.table('users')} u on u.id = o.user_id where u.email = $1`,
      [email],
    );

  it('answers again what it answered, in whatever spelling the address comes, and writes no second email', async () => {
    const [email, key] = [freshAddress(), randomUUID()];
    const first = await signUp({ email, password }, key);
    expect(first.status).to.equal(201);
    const profile = await first.json();
    const again = await signUp({ email: ` ${email.toUpperCase()}`, password }, key);
    expect([again.status, await again.json()]).to.deep.equal([201, profile]);
    expect(await emailsTo(email)).to.have.length(1);
  });

  it('gives two at once the one account, however often', async () => {
    const [email, key] = [freshAddress(), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 8 }, () => signUp({ email, password }, key)));
    expect(answers.map((answer) => answer.status)).to.deep.equal(Array(8).fill(201));
    const ids = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { id: number }).id),
    );
    expect(new Set(ids).size).to.equal(1);
    expect(await emailsTo(email)).to.have.length(1);
  });

  it('refuses the key with another address or another password, also at once, and leaves no account behind', async () => {
    const [email, second, key] = [freshAddress(), freshAddress(), randomUUID()];
    expect((await signUp({ email, password }, key)).status).to.equal(201);
    const reused = [422, 'IDEMPOTENCY_KEY_REUSED'];
    expect(await code(await signUp({ email: second, password }, key))).to.deep.equal(reused);
    expect(await code(await signUp({ email, password: other }, key))).to.deep.equal(reused);
    expect(await host.fluentmeet.findUserByEmail(second)).to.equal(null);

    const [a, b, fresh] = [freshAddress(), freshAddress(), randomUUID()];
    const both = await Promise.all([a, b].map((address) => signUp({ email: address, password }, fresh)));
    expect(both.map((answer) => answer.status)).to.have.members([201, 422]);
    const accounts = await Promise.all([a, b].map((address) => host.fluentmeet.findUserByEmail(address)));
    expect(accounts.filter(Boolean)).to.have.length(1);
  });

  it('refuses the key of an account that was removed: a late second try makes it no anew', async () => {
    const [email, key] = [freshAddress(), randomUUID()];
    const { id } = (await (await signUp({ email, password }, key)).json()) as { id: number };
    await host.fluentmeet.models.User.destroy({ where: { id }, force: true });
    const hash = sinon.spy(bcrypt, 'hash');
    try {
      const again = await code(await signUp({ email, password }, key));
      expect(again).to.deep.equal([422, 'IDEMPOTENCY_KEY_REUSED']);
      sinon.assert.notCalled(hash);
    } finally {
      hash.restore();
    }
    expect((await status(key))[0]).to.equal(404);
    expect((await signUp({ email, password }, randomUUID())).status).to.equal(201);
  });

  it('answers 409 without the key, with another key, and once the account is verified', async () => {
    const [email, key] = [freshAddress(), randomUUID()];
    expect((await signUp({ email, password }, key)).status).to.equal(201);
    const taken = [409, 'EMAIL_ALREADY_REGISTERED'];
    expect(await code(await signUp({ email, password }, randomUUID()))).to.deep.equal(taken);
    const { User } = host.fluentmeet.models;
    await User.update({ is_verified: true }, { where: { email } });
    expect(await code(await signUp({ email, password }, key))).to.deep.equal(taken);
  });

  it('looks at the key before the invite that its first use used up', async () => {
    const invited = await startHost(database, { options: { signup: 'invite' } });
    const { createInvite } = await import('../../src/invites/create-invite.js');
    const { token } = await createInvite(internalsOf(invited.fluentmeet));
    const [email, key] = [freshAddress(), randomUUID()];
    const answers = [];
    for (let time = 0; time < 2; time++) {
      answers.push((await signUp({ email, password, invite: token }, key, invited)).status);
    }
    expect(answers).to.deep.equal([201, 201]);
  });

  it('keeps nothing of the key or the address that can be read', async () => {
    const [email, key] = [freshAddress(), randomUUID()];
    await signUp({ email, password }, key);
    const [row] = await internalsOf(host.fluentmeet).database.query<Record<string, Buffer>>(
      `select key_hash, address_hash from ${internalsOf(host.fluentmeet).database.table('signup_keys')}
       order by created_at desc limit 1`,
    );
    for (const hash of Object.values(row!)) expect(hash).to.have.length(32);
  });

  it('forgets the key after a day', async () => {
    const [email, second, key] = [freshAddress(), freshAddress(), randomUUID()];
    await signUp({ email, password }, key);
    await internalsOf(host.fluentmeet).database.query(
      `update ${internalsOf(host.fluentmeet).database.table('signup_keys')}
       set created_at = created_at - interval '24 hours 1 second'`,
    );
    expect((await status(key))[0]).to.equal(404);
    expect((await signUp({ email: second, password }, key)).status).to.equal(201);
  });

  for (const key of ['short', 'x'.repeat(256), '"only fifteen 1"', 'sixteen-chars-ü!']) {
    it(`refuses the key ${key.slice(0, 20)} by name`, async () => {
      const response = await fetch(`${host.url}/signup`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': Buffer.from(key).toString('latin1'),
        },
        body: JSON.stringify({ email: freshAddress(), password }),
      });
      const { details } = (await response.json()) as { details: { field: string; code: string }[] };
      expect([response.status, details[0]?.field, details[0]?.code]).to.deep.equal([
        400,
        'Idempotency-Key',
        'IDEMPOTENCY_KEY_MALFORMED',
      ]);
    });
  }

  it('takes a quoted key for the same one', async () => {
    const [email, key] = [freshAddress(), randomUUID()];
    expect((await signUp({ email, password }, `"${key}"`)).status).to.equal(201);
    expect((await signUp({ email, password }, key)).status).to.equal(201);
  });

  describe('GET /signup/status', () => {
    it('is pending, then verified, and 404 for a key that is not known', async () => {
      const [email, key] = [freshAddress(), randomUUID()];
      await signUp({ email, password }, key);
      expect(await status(key)).to.deep.equal([200, { status: 'pending' }]);
      await host.fluentmeet.models.User.update({ is_verified: true }, { where: { email } });
      expect(await status(key)).to.deep.equal([200, { status: 'verified' }]);
      const [unknown, body] = await status(randomUUID());
      expect([unknown, body['code']]).to.deep.equal([404, 'NOT_FOUND']);
    });

    it('asks for the header, and answers other methods with 405', async () => {
      const response = await fetch(`${host.url}/signup/status`);
      expect(await code(response)).to.deep.equal([400, 'VALIDATION_ERROR']);
      const posted = await fetch(`${host.url}/signup/status`, { method: 'POST' });
      expect([posted.status, posted.headers.get('allow')]).to.deep.equal([405, 'GET, OPTIONS']);
    });

    it('has a budget of its own, 60 a minute', async () => {
      const fresh = await startHost(database, { options: { rateLimits: {} } });
      const response = await fetch(`${fresh.url}/signup/status`, {
        headers: { 'idempotency-key': randomUUID() },
      });
      expect(response.headers.get('ratelimit-policy')).to.match(/^"status"; q=60; w=60/);
    });
  });

  describe("with duplicates: 'conceal'", () => {
    let concealing: Host;
    before(async () => {
      concealing = await startHost(database, { options: { duplicates: 'conceal' } });
    });

    it('answers a known address as a new one, and neither is written to twice', async () => {
      const [known, fresh] = [freshAddress(), freshAddress()];
      await host.fluentmeet.signUp({ email: known, password });
      for (const [email, mails] of [
        [known, 2],
        [fresh, 1],
      ] as const) {
        const key = randomUUID();
        const answers = [];
        for (let time = 0; time < 2; time++) {
          const response = await signUp({ email, password: time === 0 ? password : other }, key, concealing);
          answers.push([response.status, await response.json()]);
        }
        expect(answers[0]![0]).to.equal(202);
        expect(answers[1]).to.deep.equal(answers[0]);
        expect(await emailsTo(email)).to.have.length(mails);
        expect(await code(await signUp({ email: freshAddress(), password }, key, concealing))).to.deep.equal([
          422,
          'IDEMPOTENCY_KEY_REUSED',
        ]);
      }
    });

    it('says pending of a known address, verified or not, and verified of its own signup alone', async () => {
      const [known, fresh] = [freshAddress(), freshAddress()];
      await host.fluentmeet.signUp({ email: known, password });
      const { User } = host.fluentmeet.models;
      await User.update({ is_verified: true }, { where: { email: known } });
      const [knownKey, freshKey] = [randomUUID(), randomUUID()];
      await signUp({ email: known, password }, knownKey, concealing);
      await signUp({ email: fresh, password }, freshKey, concealing);
      expect(await status(knownKey, concealing)).to.deep.equal([200, { status: 'pending' }]);
      expect(await status(freshKey, concealing)).to.deep.equal([200, { status: 'pending' }]);
      await User.update({ is_verified: true }, { where: { email: fresh } });
      expect(await status(freshKey, concealing)).to.deep.equal([200, { status: 'verified' }]);
    });

    it('tells by nothing that the account of a key was removed', async () => {
      const [known, fresh] = [freshAddress(), freshAddress()];
      await host.fluentmeet.signUp({ email: known, password });
      const seen = [];
      for (const email of [known, fresh]) {
        const key = randomUUID();
        await signUp({ email, password }, key, concealing);
        await host.fluentmeet.models.User.destroy({ where: { email }, force: true });
        const before = await status(key, concealing);
        const again = await signUp({ email, password }, key, concealing);
        seen.push([before, again.status, await again.json(), await status(key, concealing)]);
        expect(await host.fluentmeet.findUserByEmail(email)).to.equal(null);
        expect(await code(await signUp({ email: freshAddress(), password }, key, concealing))).to.deep.equal([
          422,
          'IDEMPOTENCY_KEY_REUSED',
        ]);
      }
      expect(seen[0]![0]).to.deep.equal([200, { status: 'pending' }]);
      expect(seen[1]).to.deep.equal(seen[0]);
    });

    it('takes two at once with one key for one', async () => {
      const [email, key] = [freshAddress(), randomUUID()];
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => signUp({ email, password }, key, concealing)),
      );
      expect(answers.map((answer) => answer.status)).to.deep.equal(Array(5).fill(202));
      expect(await emailsTo(email)).to.have.length(1);
    });
  });
});
