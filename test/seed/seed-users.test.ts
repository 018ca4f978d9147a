import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { SeedRefusedError, type SeedInput, type SeedRun, seedUsers } from '../../src/seed/seed-users.js';
import { connectsToThisMachine } from '../../src/seed/connects-to-this-machine.js';
import { nameSetFor, nameSets } from '../../src/seed/names.js';
import { createSeedUsers } from '../../src/seed/seed-user.js';
import { ValidationError } from '../../src/errors.js';
import { canonicalEmailAddress } from '../../src/users/email-address.js';
import { canonicalFullName } from '../../src/users/full-name.js';
import { canonicalLanguageTag } from '../../src/users/language.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

const languages = nameSets.map(({ language }) => language);

describe('the users of a seed', () => {
  const users = (seed: number, count: number) =>
    Array.from({ length: count }, (_, index) => createSeedUsers({ seed, verified: 0.5, languages })(index));

  it('are the same for the same number, others for another, and more of them change none', () => {
    expect(users(7, 50)).to.deep.equal(users(7, 50));
    expect(users(7, 50)).to.deep.equal(users(7, 80).slice(0, 50));
    const addresses = new Set([...users(7, 200), ...users(8, 200)].map(({ email }) => email));
    expect(addresses.size).to.equal(400);
  });

  it('all have addresses of their own on reserved domains, and pass the rules of a signup', () => {
    const make = createSeedUsers({ seed: 1, verified: 0.3, languages });
    const made = Array.from({ length: 20_000 }, (_, index) => make(index));
    expect(new Set(made.map(({ email }) => email)).size).to.equal(20_000);
    for (const { email, fullName } of made) {
      expect(email).to.match(/(@|\.)example\.(com|org|net)$|\.(test|example)$/);
      expect(canonicalEmailAddress(email)).to.deep.equal({ ok: true, address: email });
      expect(canonicalFullName(fullName)).to.deep.equal({ ok: true, text: fullName });
    }
    const verified = made.filter(({ isVerified }) => isVerified).length / made.length;
    expect(verified).to.be.within(0.28, 0.32);
    const translated =
      made.filter((user) => user.speakingLanguage !== user.listeningLanguage).length / made.length;
    expect(translated).to.be.within(0.77, 0.83);
  });

  it('have names in the script of the language they speak', () => {
    const make = createSeedUsers({ seed: 1, verified: 1, languages: ['ja'] });
    expect(make(0).fullName).to.match(/[\p{Script=Han}\p{Script=Hiragana}]/u);
    expect(nameSetFor('es-419').language).to.equal('es');
    expect(nameSetFor('be').language).to.equal('ru');
    expect(nameSetFor('cy').language).to.equal('en');
    expect(nameSetFor('sr-Latn').language).to.equal('en');
  });

  it('have lists of names in which every name and every language is canonical', () => {
    for (const { language, given, family, join } of nameSets) {
      expect(canonicalLanguageTag(language)).to.deep.equal({ ok: true, tag: language });
      for (const one of given) {
        for (const other of family) {
          const name = join(one.written, other.written);
          expect(canonicalFullName(name), name).to.deep.equal({ ok: true, text: name });
        }
      }
      for (const { ascii, written } of [...given, ...family])
        expect(ascii, written).to.match(/^[a-z]+(-[a-z]+)?$/);
    }
  });
});

describe('seeding', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ bcryptCost: 4 })));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  const seed = (input: Partial<SeedInput> = {}, run: SeedRun = {}) =>
    seedUsers(instance.context, { count: 20, ...input }, run);
  const rows = () => instance.query<Record<string, any>>('select * from users order by id');

  it('writes users that log in with one hash of the password it hands out, and no email', async () => {
    const { created, existing, password } = await seed();
    expect({ created: created.length, existing }).to.deep.equal({ created: 20, existing: 0 });
    const users = await rows();
    const hashes = new Set(users.map((user) => user['hashed_password'] as string));
    expect(hashes.size).to.equal(1);
    expect(await bcrypt.compare(password, [...hashes][0] as string)).to.equal(true);
    expect(users.map(({ email }) => email)).to.have.members(created.map(({ email }) => email));
    for (const table of ['email_outbox', 'verification_tokens']) {
      expect(await instance.query(`select from ${table}`)).to.deep.equal([]);
    }
  });

  it('may run twice: who is there stays as they are, with the password they had', async () => {
    await seed({ password: 'the first password' });
    const before = await rows();
    const again = await seed({ count: 25, password: 'the second password' });
    expect(again.existing).to.equal(20);
    expect(again.created).to.have.lengthOf(5);
    const after = await rows();
    expect(after.slice(0, 20)).to.deep.equal(before);
    expect(await bcrypt.compare('the second password', after[24]?.['hashed_password'])).to.equal(true);
  });

  it('keeps what it inserted before it meets the first of them', async () => {
    const { created } = await seed({ count: 10_005 });
    await instance.query('delete from users where email = any($1)', [
      created.slice(0, 10_000).map(({ email }) => email),
    ]);
    const again = await seed({ count: 10_005 });
    expect({ created: again.created.length, existing: again.existing }).to.deep.equal({
      created: 10_000,
      existing: 5,
    });
    expect(await rows()).to.have.lengthOf(10_005);
  });

  it('uses the languages that are asked for, within those of the host', async () => {
    await seed({ languages: ['FR', 'ja'] });
    const used = new Set(
      (await rows()).flatMap((user) => [user['speaking_language'], user['listening_language']]),
    );
    expect([...used]).to.have.members(['fr', 'ja']);
    const narrow = { ...instance.context, config: { ...instance.context.config, languages: ['en', 'fr'] } };
    expect(await rejection(seedUsers(narrow, { count: 1, languages: ['ja'] }))).to.be.instanceOf(
      ValidationError,
    );
  });

  it('names every fault at once, and holds the password to the rules of a signup', async () => {
    const error = await rejection(seed({ languages: ['xx', 'en_US'] }));
    expect((error as ValidationError).details.map(({ field }) => field)).to.deep.equal([
      'languages',
      'languages',
    ]);
    const weak = await rejection(seed({ password: 'short' }));
    expect((weak as ValidationError).details[0]?.field).to.equal('password');
  });

  it('writes all of them or none', async () => {
    const interruption = new AbortController();
    const onProgress = (): void => interruption.abort();
    await rejection(seed({ count: 25_000 }, { signal: interruption.signal, onProgress }));
    expect(await rows()).to.deep.equal([]);
  });

  it('writes all of them where the transaction lost a race, and ran again', async () => {
    // A sequence forgets nothing when it is rolled back.
    await instance.query('create sequence inserted');
    await instance.query(`
      create function lose() returns trigger language plpgsql as $$ begin
        if nextval('inserted') = 10001 then raise exception sqlstate '40P01'; end if;
        return new;
      end $$`);
    await instance.query('create trigger lose before insert on users for each row execute function lose()');
    try {
      const { created, existing } = await seed({ count: 10_005 });
      expect({ created: created.length, existing }).to.deep.equal({ created: 10_005, existing: 0 });
      expect(await rows()).to.have.lengthOf(10_005);
    } finally {
      await instance.query('drop function lose cascade');
      await instance.query('drop sequence inserted');
    }
  });

  it('refuses a database on another machine, told by the address it is connected to', async () => {
    const { database } = instance.context;
    const here = await database.transaction(async (transaction) => connectsToThisMachine(transaction));
    expect(here).to.equal(true);
    // With a transaction whose connection seems to end elsewhere.
    const elsewhere = {
      ...instance.context,
      database: {
        ...database,
        transaction: (work: (transaction: never) => Promise<unknown>) =>
          work({
            connection: { host: 'db', connection: { stream: { remoteAddress: '203.0.113.7' } } },
          } as never),
      },
    } as never;
    expect(await rejection(seedUsers(elsewhere, { count: 1 }))).to.be.instanceOf(SeedRefusedError);
    expect(await rows()).to.deep.equal([]);
  });

  it('refuses in production, and beside users whose mail can reach somebody, unless forced', async () => {
    const seed = (run: SeedRun = {}) => seedUsers(instance.context, { count: 1, seed: 77 }, run);
    const refusal = async (run?: SeedRun) => (await rejection(seed(run))).reason as string;
    expect(await refusal({ production: true })).to.equal('production');
    for (const email of ['ada@gmail.com', 'ada@example.com.evil.org', 'ada@notexample.com', 'ada@test.org']) {
      await instance.query('truncate users cascade');
      await instance.query(`insert into users (email, hashed_password, deleted_at) values ($1, 'x', now())`, [
        email,
      ]);
      expect(await refusal(), email).to.equal('real-users');
    }
    expect((await seed({ force: true, production: true })).created).to.have.lengthOf(1);
    await instance.query('truncate users cascade');
    for (const email of ['ada@example.com', 'ada@mail.example.org', 'ada@host.test', 'ada@a.example']) {
      await instance.query(`insert into users (email, hashed_password) values ($1, 'x')`, [email]);
    }
    expect((await seed()).created).to.have.lengthOf(1);
  });
});
