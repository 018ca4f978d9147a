import { expect } from 'chai';
import { DataTypes } from 'sequelize';
import sinon from 'sinon';
import type { FluentMeet } from '../../src/fluentmeet.js';
import { verifyUser } from '../../src/desk/verify-user.js';
import { disownAccount } from '../../src/verification/disown-account.js';
import {
  createMigratedInstance,
  createTestInstance,
  rejection,
  type TestInstance,
} from '../fluentmeet/test-instance.js';
import { canaryPassword as password } from '../fluentmeet/canary.js';
import { djangoHashes, madeByDjango } from '../passwords/django-hashes.js';
import { relayLook } from '../relay/relay-look.js';

const newPassword = 'an umbrella in the orchestra';
const client = { client: '192.0.2.1' };

describe('the proof of an account', () => {
  const verifiedIds: number[] = [];
  let link: TestInstance & { url: string };
  let both: TestInstance;
  before(async () => {
    link = await createMigratedInstance();
    both = createTestInstance(link.url, {
      proof: 'link-and-password',
      hooks: { onVerified: ({ id }) => void verifiedIds.push(id) },
    });
  });
  after(async () => {
    await both.stop();
    await link.stop();
  });
  afterEach(() => sinon.restore());
  beforeEach(async () => {
    await link.query('truncate users, mailbox_counts cascade');
    verifiedIds.length = 0;
  });

  const stored = async () =>
    (
      await link.query<Record<string, unknown>>(
        'select full_name, speaking_language, listening_language, is_verified from users',
      )
    )[0];
  const codeOf = async (verifying: Promise<unknown>) => (await rejection(verifying)).code;
  const knows = (fluentmeet: FluentMeet, secret: string) =>
    fluentmeet.checkPassword('ada@example.com', secret, client).then((account) => account !== null);

  it('is the link alone by default, whatever comes with it', async () => {
    const { token } = await link.register('ada');
    expect(await link.fluentmeet.verifyEmail(token, { password: 'wrong' })).to.include({
      status: 'verified',
    });
  });

  it('is the password of a hash that the host verifies, too, and renews it', async () => {
    const { token } = await link.register('ada');
    await link.query('update users set hashed_password = $1', [madeByDjango.scrypt]);
    const host = createTestInstance(link.url, { proof: 'link-and-password', foreignHashes: djangoHashes });
    try {
      const prove = (secret: string) => host.fluentmeet.verifyEmail(token, { password: secret });
      expect(await codeOf(prove(newPassword))).to.equal('WRONG_PASSWORD');
      expect(await prove(madeByDjango.password)).to.include({ status: 'verified' });
    } finally {
      await host.stop();
    }
    expect(await knows(link.fluentmeet, madeByDjango.password)).to.equal(true);
  });

  it('is the link and the password, which leaves what was stored', async () => {
    const { token } = await both.register('ada', { full_name: 'Ada', speaking_language: 'fr' });
    const { fluentmeet } = both;
    expect(await codeOf(fluentmeet.verifyEmail(token))).to.equal('PASSWORD_REQUIRED');
    expect(await codeOf(fluentmeet.verifyEmail(token, null as never))).to.equal('PASSWORD_REQUIRED');
    for (const wrong of ['', 0, null, ['x']]) {
      expect(await codeOf(fluentmeet.verifyEmail(token, { password: wrong }))).to.equal('PASSWORD_REQUIRED');
    }
    expect(await codeOf(fluentmeet.verifyEmail(token, { password: newPassword }))).to.equal('WRONG_PASSWORD');
    expect(await stored()).to.include({ is_verified: false });
    expect((await fluentmeet.verifyEmail(token, { password })).status).to.equal('verified');
    expect(await stored()).to.include({ is_verified: true, full_name: 'Ada', speaking_language: 'fr' });
  });

  it('is the link and a new password, which replaces everything that was stored', async () => {
    const { id, token } = await both.register('ada', {
      full_name: 'Mallory',
      speaking_language: 'fr',
      listening_language: 'de',
    });
    const proof = { new_password: newPassword, listening_language: 'JA' };
    expect((await both.fluentmeet.verifyEmail(token, proof)).status).to.equal('verified');
    expect(await stored()).to.deep.equal({
      is_verified: true,
      full_name: null,
      speaking_language: 'en',
      listening_language: 'ja',
    });
    expect([await knows(both.fluentmeet, password), await knows(both.fluentmeet, newPassword)]).to.deep.equal(
      [false, true],
    );
    expect(verifiedIds).to.deep.equal([id]);
  });

  it('is the link and a new password, also while a log-in renews the hash of the old one', async () => {
    const { token } = await both.register('ada');
    const hash = both.context.hasher.hash;
    sinon.stub(both.context.hasher, 'hash').callsFake(async (...asked) => {
      await link.query('update users set hashed_password = $1', [await hash(password)]);
      return hash(...asked);
    });
    expect(await both.fluentmeet.verifyEmail(token, { new_password: newPassword })).to.include({
      status: 'verified',
    });
    expect(await knows(link.fluentmeet, newPassword)).to.equal(true);
    expect(await knows(link.fluentmeet, password)).to.equal(false);
  });

  it('is the password, also while a log-in renews its hash, and none that was changed meanwhile', async () => {
    const { hasher } = both.context;
    const { hash, verify } = hasher;
    for (const [changed, outcome] of [
      [password, 'verified'],
      [newPassword, 'WRONG_PASSWORD'],
    ] as const) {
      await link.query('truncate users, mailbox_counts cascade');
      const { token } = await both.register('ada');
      const compared = sinon.stub(hasher, 'verify').callsFake(async (...asked) => {
        const same = await verify(...asked);
        if (compared.callCount === 1) {
          await link.query('update users set hashed_password = $1', [await hash(changed)]);
        }
        return same;
      });
      const proven = await both.fluentmeet.verifyEmail(token, { password }).then(
        ({ status }) => status,
        (error: { code: string }) => error.code,
      );
      expect(proven, changed).to.equal(outcome);
      expect(compared.callCount, changed).to.equal(2);
      compared.restore();
      expect(await knows(link.fluentmeet, changed)).to.equal(true);
      expect(await stored()).to.include({ is_verified: outcome === 'verified' });
    }
  });

  it('leaves nothing of a stranger, whatever fields an account may have', async () => {
    const { token } = await both.register('ada');
    const columns = Object.entries(both.fluentmeet.models.User.getAttributes())
      .filter(([name, { type }]) => type instanceof DataTypes.TEXT && name !== 'email')
      .map(([name]) => name);
    expect(columns).to.include.members(['full_name', 'terms_version', 'hashed_password']);
    await link.query(`update users set ${columns.map((name) => `${name} = 'mallory'`).join(', ')}`);
    await both.fluentmeet.verifyEmail(token, { new_password: newPassword });
    const [row] = await link.query<Record<string, unknown>>(`select ${columns.join(', ')} from users`);
    expect(Object.entries(row!).filter(([, value]) => value === 'mallory')).to.deep.equal([]);
  });

  it('holds a new password and its fields to the rules of a signup', async () => {
    const { token } = await both.register('ada');
    const proof = { new_password: 'short', full_name: 'https://evil.example', speaking_language: 'xx' };
    const error = await rejection(both.fluentmeet.verifyEmail(token, proof));
    expect(error.details.map(({ field }: { field: string }) => field)).to.have.members([
      'new_password',
      'full_name',
      'speaking_language',
    ]);
    for (const bad of ['password123', 'ada@example.com', 12345678]) {
      expect(await codeOf(both.fluentmeet.verifyEmail(token, { new_password: bad }))).to.equal(
        'VALIDATION_ERROR',
      );
    }
    expect(await stored()).to.include({ is_verified: false });
  });

  it('is nothing of a verified account: no link compares or sets anything', async () => {
    const { email, token } = await both.register('ada');
    await both.resend(email);
    await relayLook(both.context);
    await both.fluentmeet.verifyEmail(token, { password });
    for (const proof of [{}, { password: 'wrong' }, { new_password: newPassword, full_name: 'Mallory' }]) {
      expect((await both.fluentmeet.verifyEmail(token, proof)).status).to.equal('already-verified');
    }
    expect(await stored()).to.include({ full_name: null });
    expect(await knows(both.fluentmeet, newPassword)).to.equal(false);
  });

  it('says of other links what it says of them without a proof', async () => {
    const { token } = await both.register('ada');
    await link.query('update verification_tokens set expires_at = now()');
    expect(await codeOf(both.fluentmeet.verifyEmail(token, { password }))).to.equal('TOKEN_EXPIRED');
    await link.query('update users set is_active = false');
    expect(await codeOf(both.fluentmeet.verifyEmail(token, { password }))).to.equal('INVALID_TOKEN');
    expect(await codeOf(both.fluentmeet.verifyEmail('nothing', { password }))).to.equal('INVALID_TOKEN');
  });

  it('of twenty new passwords at once is one', async () => {
    const { token } = await both.register('ada');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        both.fluentmeet.verifyEmail(token, { new_password: `${newPassword} ${index}` }),
      ),
    );
    const won = outcomes.flatMap((outcome, index) =>
      outcome.status === 'fulfilled' && outcome.value.status === 'verified' ? [index] : [],
    );
    expect(won).to.have.lengthOf(1);
    expect(await knows(both.fluentmeet, `${newPassword} ${won[0]}`)).to.equal(true);
  });

  it("is an operator's word, which clears the password", async () => {
    const { id } = await both.register('ada');
    await verifyUser(both.context, { id });
    expect(await stored()).to.include({ is_verified: true });
    expect(await knows(both.fluentmeet, password)).to.equal(false);
    const [row] = await link.query<{ hash: string }>('select hashed_password as hash from users');
    expect(row!.hash, 'for whatever the host reads it with').to.match(/^\$2b\$04\$/);
    await link.query('truncate users cascade');
    const { id: other } = await link.register('ada');
    await verifyUser(link.context, { id: other });
    expect(await knows(link.fluentmeet, password)).to.equal(true);
  });
});

/** Sudhodanan and Paverd, "Pre-hijacked accounts", 2022: the five attacks, as docs/security.md walks them. */
describe('pre-hijacking', () => {
  for (const proof of ['link', 'link-and-password'] as const) {
    describe(`with proof: ${proof}`, () => {
      const ended: number[] = [];
      let instance: TestInstance;
      before(async () => {
        const hooks = { onVerified: ({ id }: { id: number }) => void ended.push(id) };
        const brand = { termsUrl: 'https://app.example.com/terms', termsVersion: '2026-03' };
        instance = await createMigratedInstance({ proof, hooks, brand });
      });
      after(() => instance.stop());
      beforeEach(() => instance.query('truncate users, mailbox_counts cascade'));
      const accepts = { accepted_terms: true } as const;
      const attacked = () =>
        instance.register('ada', { full_name: 'Mallory', speaking_language: 'fr', ...accepts });
      const owner = { new_password: newPassword, full_name: 'Ada', speaking_language: 'en', ...accepts };
      const mallory = () => instance.fluentmeet.checkPassword('ada@example.com', password, client);

      it(`classic: the attacker's password ${proof === 'link' ? 'stays, as the pages say' : 'is gone'}`, async () => {
        const { token } = await attacked();
        await instance.fluentmeet.verifyEmail(token, owner);
        expect((await mallory()) !== null).to.equal(proof === 'link');
      });

      it('unexpired session: the host is told whose sessions to end', async () => {
        const { id, token } = await attacked();
        await instance.fluentmeet.verifyEmail(token, owner);
        expect(ended.at(-1)).to.equal(id);
      });

      it(`trojan identifier: of what the attacker stored ${proof === 'link' ? 'name and tick stay' : 'nothing is left'}`, async () => {
        const { token } = await attacked();
        const stranger = await instance.fluentmeet.findUserByEmail('ada@example.com');
        await instance.fluentmeet.verifyEmail(token, owner);
        const user = await instance.fluentmeet.findUserByEmail('ada@example.com');
        expect(user?.full_name).to.equal(proof === 'link' ? 'Mallory' : 'Ada');
        const tickedAt = [stranger, user].map((found) => found?.terms_accepted_at?.getTime());
        expect(tickedAt[0]).to.be.a('number');
        expect(tickedAt[0] === tickedAt[1]).to.equal(proof === 'link');
      });

      it('unexpired email change: no link outlives its account, or is of another', async () => {
        const { token } = await attacked();
        await disownAccount(instance.context, token);
        await attacked();
        expect((await rejection(instance.fluentmeet.verifyEmail(token, owner))).code).to.equal(
          'INVALID_TOKEN',
        );
      });

      it('non-verifying identity provider: an account says that it is not verified', async () => {
        await attacked();
        const user = await instance.fluentmeet.findUserByEmail('ada@example.com');
        expect([user?.is_verified, (await mallory())?.is_verified]).to.deep.equal([false, false]);
      });
    });
  }
});
