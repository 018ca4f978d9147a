import { inspect } from 'node:util';
import { expect } from 'chai';
import { ourTables } from '../../src/database/tables.js';
import { hashInvite } from '../../src/invites/require-invite.js';
import { requestSignUp } from '../../src/signup/request-sign-up.js';
import { tokenValue } from '../../src/verification/token-value.js';
import { createDatabase } from '../support/postgres.js';
import { canaryPassword, heard, keepSecret, keepTokens, leaks, leaksOf } from './canary.js';
import {
  createMigratedInstance,
  createTestInstance,
  linkToken,
  rejection,
  type TestInstance,
  testSecret,
  until,
} from './test-instance.js';

describe('the database', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ signup: 'invite', duplicates: 'conceal' })));
  after(() => instance.stop());

  it('holds no password, no live token, no link, no invite and no secret, in any column of any table', async () => {
    const invite = 'Kanarien-Einladung-4711';
    await instance.query(
      `insert into invites (token_hash, max_uses, expires_at) values ($1, 9, now() + interval '1 hour')`,
      [hashInvite(invite)],
    );
    const ada = await instance.register('ada', { invite, full_name: 'Ada' });
    const grace = await instance.register('grace', { invite });
    await instance.resend(ada.email);
    const key = 'Kanarien-Schlüssel-4711';
    await requestSignUp(instance.context, { email: grace.email, password: canaryPassword, invite }, key);
    expect(await instance.query('select from signup_keys')).to.have.lengthOf(1);
    instance.publisher.answer = ({ headers }) =>
      headers['event-id'] === grace.eventId
        ? { status: 'rejected', error: new Error('refused by the topic') }
        : { status: 'published' };
    await instance.fluentmeet.start();
    await until(() => instance.publisher.published.length >= 3, 'the others were published');
    await until(
      async () =>
        (await instance.query(`select from email_outbox where last_error is not null`)).length === 1,
      'the refused one was settled',
    );

    const dump = await dumpOf(instance);
    const sent = instance.publisher.batches.flat().filter(({ value }) => value.template === 'verification');
    const tokens = [ada.token, grace.token, ...sent.map(linkToken)];
    // What the search finds when there is something to find.
    expect(dump).to.include(ada.email).and.include(ada.tokenId).and.include('refused by the topic');
    expect(new Set(tokens).size).to.equal(4);
    for (const secret of [canaryPassword, testSecret, invite, key, ...tokens]) {
      for (const spelling of spellings(secret)) expect(dump).not.to.include(spelling);
    }
    expect(dump).not.to.match(/token=|https?:/);
    // Any UUID that stands there verifies nobody.
    for (const [uuid] of dump.matchAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)) {
      expect((await rejection(instance.fluentmeet.verifyEmail(uuid))).code).to.equal('INVALID_TOKEN');
    }
  });
});

/** Every column of every table of the schema, as text. */
async function dumpOf({ query }: TestInstance): Promise<string> {
  const tables = await query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  expect(tables).to.have.lengthOf(ourTables.length + 1);
  const texts = await Promise.all(
    tables.map(({ name }) => query<{ text: string }>(`select t::text as text from ${name} t`)),
  );
  return texts
    .flat()
    .map(({ text }) => text)
    .join('\n');
}

function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    secret.toUpperCase(),
    secret.replaceAll('-', ''),
    bytes.toString('hex'),
    bytes.toString('base64'),
  ];
}

describe('the errors', () => {
  it('of every call that fails hold no password, hash, address or connection string, in any field at any depth', async () => {
    const { url, drop } = await createDatabase();
    const instance = createTestInstance(url);
    const errors: unknown[] = [];
    const keep = async (work: Promise<unknown>) => errors.push(await rejection(work));
    const input = { email: 'canary@example.com', password: canaryPassword };
    try {
      await keep(instance.fluentmeet.signUp(input)); // no tables yet
      await instance.fluentmeet.migrate();
      await instance.query('alter table users add constraint no_canaries check (email not like $$canary%$$)');
      await keep(instance.fluentmeet.signUp(input));
      await instance.query('alter table users drop constraint no_canaries');
      await instance.query('alter table users alter column hashed_password type varchar(10)');
      await keep(instance.fluentmeet.signUp(input));
      await instance.query('alter table users alter column hashed_password type text');
      await instance.fluentmeet.signUp(input);
      await keep(instance.fluentmeet.signUp(input));
      await instance.query('alter table users rename to gone');
      await keep(instance.fluentmeet.findUserByEmail(input.email));
      await keep(instance.fluentmeet.resendVerification({ email: input.email }));
      await instance.query('alter table gone rename to users');
      await keep(
        instance.fluentmeet.signUp({ ...input, email: `canary ${canaryPassword}`, full_name: '\u0000' }),
      );
    } finally {
      await instance.stop();
      await drop();
    }
    const nowhere = createTestInstance('postgres://canary:Kanarien-Kennwort@127.0.0.1:1/nowhere');
    keepSecret("the database's password", 'Kanarien-Kennwort');
    await keep(nowhere.fluentmeet.signUp(input));
    await nowhere.stop();

    expect(errors).to.have.lengthOf(8);
    for (const error of errors) {
      const text = [
        JSON.stringify(error),
        inspect(error, { depth: 12, showHidden: true }),
        String((error as Error).stack),
        inspect((error as Error).cause, { depth: 12, showHidden: true }),
      ].join('\n');
      for (const secret of [canaryPassword, 'canary@example.com', 'Kanarien-Kennwort', '$2b$']) {
        expect(text, (error as Error).message).not.to.include(secret);
      }
    }
  });
});

describe('the logs', () => {
  // A search that cannot find anything proves nothing.
  it('would be caught with a secret in them', () => {
    const tokenId = '00000000-0000-4000-8000-000000000000';
    keepTokens(testSecret, [tokenId]);
    for (const [what, text] of [
      ['the password', `{"body":{"password":"${canaryPassword}"}}`],
      ['a password hash', 'parameters: [ "$2b$04$abcdefgh" ]'],
      ['a link', 'see https://app.example.com/verify?token=x'],
      ['a token', `/verify/${tokenValue(testSecret, tokenId).toUpperCase()}`],
      ['an address', 'sent to ada.lovelace@example.com'],
      ['the secret', testSecret],
    ] as const) {
      expect(leaksOf(text)).to.deep.equal([what]);
    }
    expect(leaksOf(`{"email":"a***@example.com","id":"${tokenId}"}`)).to.deep.equal([]);
  });

  it('of a life with everything in it name every event, and hold none of its secrets', async () => {
    const instance = await createMigratedInstance({ emailMaxAttempts: 1 });
    const ada = await instance.register('ada');
    const grace = await instance.register('grace');
    await rejection(instance.register('ada'));
    await instance.resend(ada.email);
    instance.publisher.answer = () => ({ status: 'unavailable', error: new Error('no broker') });
    await instance.fluentmeet.start();
    await until(() => instance.events.includes('relay.away'), 'the relay away');
    instance.publisher.answer = ({ value }) =>
      value.to === grace.email
        ? { status: 'rejected', error: new Error('too large') }
        : { status: 'published' };
    await until(() => instance.events.includes('relay.resumed'), 'the relay went on');
    await until(() => instance.events.includes('email.dead'), 'one email died');
    await instance.fluentmeet.verifyEmail(ada.token);
    await instance.fluentmeet.replayEmails();
    await instance.stop();
    expect(instance.events).to.include.members([
      'migration.migrated',
      'user.signed-up',
      'verification.resent',
      'relay.away',
      'relay.resumed',
      'email.published',
      'email.dead',
      'user.verified',
      'emails.replayed',
    ]);
    expect(leaks()).to.deep.equal([]);
  });
});

// At the root: after the last test of the run, whatever its files were. Every instance of every test logs into these ears.
after('the logs of the whole run hold no password, hash, token, link, address or secret', () => {
  expect(heard().lines).to.be.above(10);
  expect(leaks()).to.deep.equal([]);
});
