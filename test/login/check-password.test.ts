import bcrypt from 'bcrypt';
import { expect } from 'chai';
import sinon from 'sinon';
import { eraseUser } from '../../src/desk/erase-user.js';
import { ServiceUnavailableError, TooManyAttemptsError } from '../../src/errors.js';
import {
  createMigratedInstance,
  createTestInstance,
  rejection,
  type TestInstance,
  testSecret,
} from '../fluentmeet/test-instance.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { djangoHashes, madeByDjango } from '../passwords/django-hashes.js';

describe('checkPassword', () => {
  let now = new Date('2030-01-01T00:00:00Z');
  let instance: TestInstance & { url: string };
  before(async () => {
    instance = await createMigratedInstance({ clock: () => now, bcryptCost: 6 });
  });
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users, mailbox_counts cascade'));
  afterEach(() => sinon.restore());

  const check = (email: string, password: string, client = '192.0.2.1') =>
    instance.fluentmeet.checkPassword(email, password, { client });
  /** Rounds of bcrypt, 2^cost each, and statements of one call. */
  async function workOf(call: () => Promise<unknown>) {
    const hashing = sinon.spy(bcrypt, 'hash');
    const asking = sinon.spy(instance.context.database, 'query');
    await call();
    const rounds = hashing.args.map(([, settings]) => 2 ** Number(String(settings).slice(4, 6)));
    const work = { rounds: rounds.reduce((sum, one) => sum + one, 0), statements: asking.callCount };
    sinon.restore();
    return work;
  }

  it('finds the account in any spelling of its address, and says that it is not verified', async () => {
    const ada = await instance.register('ada');
    expect(await check(' ADA@example.com ', canaryPassword)).to.include({ id: ada.id, is_verified: false });
    await instance.fluentmeet.verifyEmail(ada.token);
    const found = await check(ada.email, canaryPassword);
    expect(found).to.include({ is_verified: true });
    expect(found).not.to.have.property('hashed_password');
    expect(await check(ada.email, `${canaryPassword}!`)).to.equal(null);
  });

  it("takes what a host's reset of the password wrote, however long the password", async () => {
    const ada = await instance.register('ada');
    for (const password of ['another quiet lighthouse keeper', 'とても長い合言葉です'.repeat(9)]) {
      const hashed_password = await instance.fluentmeet.hashPassword(password, { email: ada.email });
      await instance.fluentmeet.models.User.update({ hashed_password }, { where: { id: ada.id } });
      expect(await check(ada.email, password)).to.include({ id: ada.id });
      expect(await check(ada.email, canaryPassword)).to.equal(null);
    }
  });

  it("takes what a host's own bcrypt wrote, and nothing that bcrypt had cut", async () => {
    const ada = await instance.register('ada');
    const reset = async (password: string) =>
      instance.fluentmeet.models.User.update(
        { hashed_password: await bcrypt.hash(password, 6) },
        { where: { id: ada.id } },
      );
    await reset('a quiet lighthouse keeper');
    expect(await check(ada.email, 'a quiet lighthouse keeper')).to.include({ id: ada.id });
    expect(await check(ada.email, canaryPassword)).to.equal(null);
    await reset('x'.repeat(80));
    expect(await check(ada.email, 'x'.repeat(80))).to.equal(null);
  });

  const absences: [string, string][] = [
    ['deleted', 'deleted_at = now()'],
    ['inactive', 'is_active = false'],
    ['of an older hash', `hashed_password = '${bcrypt.hashSync('another password', 4)}'`],
    ['without a hash that anybody reads', `hashed_password = '!'`],
  ];
  for (const [what, change] of absences) {
    it(`is null for an account that is ${what}, after the work of a known one`, async () => {
      const ada = await instance.register('ada');
      const known = await workOf(async () => expect(await check(ada.email, 'wrong password')).to.equal(null));
      await instance.query(`update users set ${change}`);
      const work = await workOf(async () => expect(await check(ada.email, canaryPassword)).to.equal(null));
      expect(work).to.deep.equal(known);
      expect(work).to.deep.equal({ rounds: 64, statements: 1 });
    });
  }

  it('is null for what nobody has, after the same work', async () => {
    const strange: [unknown, unknown][] = [
      ['nobody@example.com', canaryPassword],
      ['no address', canaryPassword],
      ['nobody@example.com', 'x'.repeat(1_000_000)],
      ['nul\0@example.com', canaryPassword],
      ['half\ud800@example.com', canaryPassword],
      ['x'.repeat(100_000), canaryPassword],
      ['nobody@example.com', undefined],
      [undefined, { toString: 'not a function' }],
    ];
    for (const [email, password] of strange) {
      const work = await workOf(async () =>
        expect(await check(email as string, password as string)).to.equal(null),
      );
      expect(work).to.deep.equal({ rounds: 64, statements: 1 });
    }
  });

  it('renews a hash of another cost or format on success, and only then', async () => {
    const ada = await instance.register('ada');
    const stored = async () =>
      (await instance.query<{ hash: string }>('select hashed_password as hash from users'))[0]!.hash;
    for (const old of [
      await bcrypt.hash(canaryPassword, 4),
      await bcrypt.hash(canaryPassword, 7),
      (await bcrypt.hash(canaryPassword, 6)).replace('$2b$', '$2a$'),
      (await bcrypt.hash(canaryPassword, 6)).replace('$2b$', '$2y$'),
    ]) {
      await instance.query('update users set hashed_password = $1', [old]);
      expect(await check(ada.email, 'wrong password')).to.equal(null);
      expect(await stored()).to.equal(old);
      expect(await check(ada.email, canaryPassword)).not.to.equal(null);
      const renewed = await stored();
      expect(renewed).to.match(/^\$2b\$06\$/);
      expect(await check(ada.email, canaryPassword)).not.to.equal(null);
      expect(await stored()).to.equal(renewed);
    }
  });

  it('refuses one client for one mailbox after ten failures, and neither the owner nor others', async () => {
    const ada = await instance.register('ada');
    const stranger = '203.0.113.7';
    instance.events.length = 0;
    for (let tag = 0; tag < 10; tag++) {
      expect(await check(tag % 2 ? 'ada+tag@example.com' : ada.email, 'guess', stranger)).to.equal(null);
    }
    const refused = await workOf(async () => {
      const error = await rejection(check(ada.email, canaryPassword, stranger));
      expect(error).to.be.instanceOf(TooManyAttemptsError);
      expect(error.retryAt.toISOString()).to.equal('2030-01-01T00:15:00.000Z');
    });
    expect(refused).to.deep.equal({ rounds: 0, statements: 1 });
    for (const spelling of [`::ffff:${stranger}`, `${stranger}:4711`, ` ${stranger}`]) {
      await rejection(check(ada.email, canaryPassword, spelling));
    }
    expect(instance.events.filter((event) => event === 'login.limited')).to.have.lengthOf(1);
    expect(await check(ada.email, canaryPassword)).not.to.equal(null);
    expect(await check('grace@example.com', 'guess', stranger)).to.equal(null);
    now = new Date('2030-01-01T00:15:01Z');
    expect(await check(ada.email, canaryPassword, stranger)).not.to.equal(null);
  });

  it('counts no more than ten of many at once, and no success', async () => {
    const ada = await instance.register('ada');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, () => check(ada.email, 'guess', '198.51.100.1')),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).to.be.at.most(10);
    for (let time = 0; time < 12; time++) expect(await check(ada.email, canaryPassword)).not.to.equal(null);
  });

  it('keeps no address of a client, and its counts are erased with the person', async () => {
    const ada = await instance.register('ada');
    await check(ada.email, 'guess', '198.51.100.1');
    const rows = JSON.stringify(await instance.query('select * from mailbox_counts'));
    expect(rows).not.to.contain('198.51');
    await eraseUser(instance.context, { id: ada.id });
    expect(await instance.query('select from mailbox_counts')).to.deep.equal([]);
  });

  /** Does this between the comparing and what comes after it. */
  function onceCompared(change: () => Promise<unknown>) {
    const { hasher } = instance.context;
    sinon.stub(hasher, 'as').returns(hasher);
    const compare = hasher.compare.bind(hasher);
    return sinon.stub(hasher, 'compare').callsFake(async (...args) => {
      const same = await compare(...args);
      await change();
      return same;
    });
  }

  for (const [what, change] of [
    ['deleted', 'deleted_at = now()'],
    ['made inactive', 'is_active = false'],
    ['given another password', `hashed_password = '${bcrypt.hashSync('another password', 4)}'`],
  ] as const) {
    it(`is null for an account that was ${what} while the password was compared`, async () => {
      const ada = await instance.register('ada');
      onceCompared(() => instance.query(`update users set ${change}`));
      expect(await check(ada.email, canaryPassword)).to.equal(null);
      const [count] = await instance.query<{ times: Date[] }>(
        'select times from mailbox_counts where budget <> $1',
        ['signup'],
      );
      expect(count!.times).to.have.lengthOf(1);
    });
  }

  it('tells of a verification meanwhile', async () => {
    const ada = await instance.register('ada');
    onceCompared(() => instance.fluentmeet.verifyEmail(ada.token));
    expect(await check(ada.email, canaryPassword)).to.include({ is_verified: true });
  });

  it('takes the hash that another log-in renewed meanwhile', async () => {
    const ada = await instance.register('ada');
    await instance.query('update users set hashed_password = $1', [await bcrypt.hash(canaryPassword, 4)]);
    const both = await Promise.all([check(ada.email, canaryPassword), check(ada.email, canaryPassword)]);
    expect(both.map((account) => account?.id)).to.deep.equal([ada.id, ada.id]);
    const renewed = await bcrypt.hash(canaryPassword, 6);
    const compared = onceCompared(() => instance.query('update users set hashed_password = $1', [renewed]));
    expect(await check(ada.email, canaryPassword)).to.include({ id: ada.id });
    expect(compared.callCount).to.equal(2);
  });

  it('lets in by a hash that the host verifies, and renews it to ours', async () => {
    const { url } = instance;
    const ada = await instance.register('ada');
    await instance.query('update users set hashed_password = $1', [madeByDjango.pbkdf2]);
    instance.events.length = 0;
    expect(await check(ada.email, madeByDjango.password)).to.equal(null);
    expect(instance.events).to.deep.equal(['password.not-readable']);
    const host = createTestInstance(url, { bcryptCost: 6, foreignHashes: djangoHashes });
    try {
      const log = (password: string) =>
        host.fluentmeet.checkPassword(ada.email, password, { client: '192.0.2.2' });
      expect(await log('another password')).to.equal(null);
      expect(await log(madeByDjango.password)).to.include({ id: ada.id });
      expect(host.events).to.include('password.rehashed').and.not.include('password.not-readable');
    } finally {
      await host.stop();
    }
    expect(await check(ada.email, madeByDjango.password)).to.include({ id: ada.id });
  });

  it("counts no failure where the host's verifier fails", async () => {
    const ada = await instance.register('ada');
    await instance.query('update users set hashed_password = $1', [madeByDjango.pbkdf2]);
    const away = {
      reads: djangoHashes.reads,
      verify: () => Promise.reject(new Error(madeByDjango.password)),
    };
    const host = createTestInstance(instance.url, { bcryptCost: 4, foreignHashes: away });
    try {
      const log = () =>
        host.fluentmeet.checkPassword(ada.email, madeByDjango.password, { client: '192.0.2.2' });
      for (let time = 0; time < 12; time++) expect((await rejection(log())).code).to.equal('HOOK_FAILED');
    } finally {
      await host.stop();
    }
  });

  it('goes on counting where it counted before the secret was changed, and takes back there', async () => {
    const { email } = await instance.register('ada');
    const changed = createTestInstance(instance.url, {
      clock: () => now,
      bcryptCost: 6,
      secret: 'the secret after, 32 characters and more',
      previousSecrets: [testSecret],
    });
    const checkAfter = (password: string, client = '192.0.2.1') =>
      changed.fluentmeet.checkPassword(email, password, { client });
    const counts = () =>
      instance.query<{ failures: number }>(
        `select cardinality(times) as failures from mailbox_counts where budget <> 'signup' order by times[1]`,
      );
    try {
      for (let time = 0; time < 9; time++) await check(email, 'a wrong password');
      expect(await checkAfter(canaryPassword)).to.include({ email });
      expect(await counts()).to.deep.equal([{ failures: 9 }]);
      expect(await checkAfter('a wrong password')).to.equal(null);
      expect(await rejection(checkAfter(canaryPassword))).to.be.instanceOf(TooManyAttemptsError);
      // Another client begins under the new one.
      now = new Date(now.getTime() + 1_000);
      expect(await checkAfter('a wrong password', '192.0.2.2')).to.equal(null);
      expect(await checkAfter(canaryPassword, '192.0.2.2')).to.include({ email });
      expect(await counts()).to.deep.equal([{ failures: 10 }, { failures: 1 }]);
      // What was counted before is over.
      now = new Date(now.getTime() + 3_600_000);
      expect(await checkAfter('a wrong password')).to.equal(null);
      expect((await counts()).at(-1)).to.deep.equal({ failures: 1 });
    } finally {
      await changed.stop();
    }
  });

  it('counts no failure where the password could not be compared', async () => {
    const ada = await instance.register('ada');
    const { hasher } = instance.context;
    sinon.stub(hasher, 'as').returns(hasher);
    const compared = sinon.stub(hasher, 'compare').rejects(new ServiceUnavailableError('hash-queue', false));
    for (let time = 0; time < 12; time++) {
      expect(await rejection(check(ada.email, canaryPassword))).to.be.instanceOf(ServiceUnavailableError);
    }
    compared.rejects(new Error('a broken bcrypt'));
    expect(await rejection(check(ada.email, canaryPassword))).to.have.property('message', 'a broken bcrypt');
    const query = instance.context.database.query.bind(instance.context.database);
    compared.callsFake(async () => {
      sinon.stub(instance.context.database, 'query').rejects(new ServiceUnavailableError('database', false));
      throw new ServiceUnavailableError('hash-queue', false);
    });
    expect(await rejection(check(ada.email, canaryPassword))).to.have.property('reason', 'hash-queue');
    sinon.restore();
    const [count] = await query<{ times: Date[] }>('select times from mailbox_counts where budget <> $1', [
      'signup',
    ]);
    expect(count!.times).to.have.lengthOf(1);
  });

  it('counts an unverified account as a failure where addresses are concealed, after the work of none', async () => {
    const concealing = createTestInstance(instance.url, {
      clock: () => now,
      bcryptCost: 6,
      duplicates: 'conceal',
    });
    const answers = async (email: string) => {
      const found = [];
      for (let times = 0; times < 11; times++) {
        found.push(
          await concealing.fluentmeet
            .checkPassword(email, canaryPassword, { client: '192.0.2.9' })
            .then((account) => account?.is_verified ?? null)
            .catch((error: TooManyAttemptsError) => error.code),
        );
      }
      return found;
    };
    try {
      const { email } = await instance.register('ada');
      expect(await answers(email)).to.deep.equal([
        ...Array.from({ length: 10 }, () => false),
        'RATE_LIMIT_EXCEEDED',
      ]);
      const spied = sinon.spy(concealing.context.database, 'query');
      const { email: other } = await instance.register('grace');
      for (const address of [other, 'nobody-else@example.com']) {
        spied.resetHistory();
        await concealing.fluentmeet.checkPassword(address, canaryPassword, { client: '192.0.2.8' });
        expect(spied.callCount, address).to.equal(1);
      }
    } finally {
      await concealing.stop();
    }
  });

  it('needs a client', async () => {
    const { checkPassword } = instance.fluentmeet;
    for (const options of [undefined, null, {}, { client: '' }]) {
      const error = await rejection(checkPassword('ada@example.com', canaryPassword, options as never));
      expect(error).to.be.instanceOf(TypeError).with.property('message', 'checkPassword needs a client');
    }
  });
});
