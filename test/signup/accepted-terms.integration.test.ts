import { expect } from 'chai';
import { exportUser } from '../../src/desk/export-user.js';
import { verifyUser } from '../../src/desk/verify-user.js';
import { fault } from '../../src/faults.js';
import type { FluentMeetOptions } from '../../src/options/options.js';
import { importUsers } from '../../src/seed/import-users.js';
import { seedUsers } from '../../src/seed/seed-users.js';
import { prepareSignUp } from '../../src/signup/prepare-sign-up.js';
import { requestSignUp } from '../../src/signup/request-sign-up.js';
import { signUpOnce } from '../../src/signup/sign-up-once.js';
import { canaryPassword as password } from '../fluentmeet/canary.js';
import {
  createMigratedInstance,
  createTestInstance,
  rejection,
  type TestInstance,
} from '../fluentmeet/test-instance.js';

const brand = { termsUrl: 'https://acme.example/terms', termsVersion: '2026-03' };
const ada = { email: 'ada@example.com', password };

describe('the terms of service', () => {
  let free: TestInstance & { url: string };
  let asking: TestInstance;
  const others: TestInstance[] = [];
  before(async () => {
    free = await createMigratedInstance();
    asking = other({ brand });
  });
  after(async () => {
    for (const instance of others) await instance.stop();
    await free.stop();
  });
  beforeEach(() => free.query('truncate users, mailbox_counts, signup_keys cascade'));

  function other(options: Partial<FluentMeetOptions>): TestInstance {
    const instance = createTestInstance(free.url, options);
    others.push(instance);
    return instance;
  }

  const stored = async () =>
    (
      await free.query<{ version: string | null; accepted: boolean }>(
        'select terms_version as version, terms_accepted_at = updated_at as accepted from users',
      )
    )[0];
  const accepted = { version: '2026-03', accepted: true };
  const nothing = { version: null, accepted: null };

  it('have to be accepted where they have a version, together with whatever else is wrong', async () => {
    for (const accepted_terms of [undefined, false, null, 'true', 1]) {
      const input = { ...ada, accepted_terms } as never;
      for (const call of [asking.fluentmeet.signUp(input), asking.fluentmeet.prepareSignUp(input)]) {
        expect((await rejection(call)).details).to.deep.equal([
          fault('accepted_terms', 'TERMS_NOT_ACCEPTED'),
        ]);
      }
    }
    const { details } = await rejection(asking.fluentmeet.signUp({ email: '', password: '' }));
    expect(details.map(({ code }: { code: string }) => code)).to.deep.equal([
      'EMAIL_MISSING',
      'PASSWORD_MISSING',
      'TERMS_NOT_ACCEPTED',
    ]);
  });

  it('are stored with the signup: when, and which ones', async () => {
    const profile = await asking.fluentmeet.signUp({ ...ada, accepted_terms: true });
    expect(await stored()).to.deep.equal(accepted);
    expect(profile).not.to.have.any.keys('terms_version', 'accepted_terms');
    const user = await asking.fluentmeet.findUserByEmail(ada.email);
    expect(user?.terms_version).to.equal('2026-03');
    const exported = await exportUser(asking.context, { email: ada.email });
    expect(exported.user).to.include({ terms_version: '2026-03' }).and.have.property('terms_accepted_at');
  });

  it('are stored by every other way that a person signs up', async () => {
    const input = { ...ada, accepted_terms: true as const };
    const concealing = other({ brand, duplicates: 'conceal' });
    const key = 'a key of sixteen characters';
    for (const way of [
      () => signUpOnce(asking.context, input, key),
      () => requestSignUp(concealing.context, input),
      () => requestSignUp(concealing.context, input, key),
      async () => {
        const prepared = await asking.fluentmeet.prepareSignUp(input);
        await asking.context.database.transaction((transaction) =>
          asking.fluentmeet.signUp(prepared, { transaction }),
        );
      },
    ]) {
      await way();
      expect(await stored()).to.deep.equal(accepted);
      await free.query('truncate users, mailbox_counts, signup_keys cascade');
    }
  });

  it('are nothing where they have no version, and nobody else can set them', async () => {
    const input = {
      ...ada,
      accepted_terms: true as const,
      terms_version: 'x',
      terms_accepted_at: new Date(0),
    };
    for (const options of [{}, { brand: { termsUrl: brand.termsUrl } }]) {
      await other(options).fluentmeet.signUp(input);
      expect(await stored()).to.deep.equal(nothing);
      await free.query('truncate users, mailbox_counts cascade');
    }
    await asking.fluentmeet.signUp(input);
    expect(await stored()).to.deep.equal(accepted);
  });

  it('are accepted by nobody in the place of a person: operator, seed, import', async () => {
    const prepared = await prepareSignUp(asking.context, ada, { operator: true });
    await asking.fluentmeet.signUp(prepared);
    await seedUsers(asking.context, { count: 1 }, { force: true });
    const imported = { ...ada, email: 'bob@example.com', hashed_password: '$2b$', full_name: null };
    await importUsers(asking.context, [
      { ...imported, speaking_language: 'en', listening_language: 'en', is_active: true, is_verified: true },
    ]);
    const rows = await free.query(
      'select 1 from users where terms_version is null and terms_accepted_at is null',
    );
    expect(rows).to.have.length(3);
  });

  describe("with proof: 'link-and-password'", () => {
    const newPassword = 'an umbrella in the orchestra';
    let both: TestInstance;
    before(() => {
      both = other({ brand: { ...brand, termsVersion: '2026-04' }, proof: 'link-and-password' });
    });

    it('stay those of who proves by the password of the signup', async () => {
      const { token } = await asking.register('ada', { accepted_terms: true });
      await both.fluentmeet.verifyEmail(token, { password });
      expect((await stored())?.version).to.equal('2026-03');
    });

    it('are asked for again of who sets a new password: the tick was a stranger’s', async () => {
      const { token } = await asking.register('ada', { accepted_terms: true });
      const proof = { new_password: newPassword };
      expect((await rejection(both.fluentmeet.verifyEmail(token, proof))).details).to.deep.equal([
        fault('accepted_terms', 'TERMS_NOT_ACCEPTED'),
      ]);
      await both.fluentmeet.verifyEmail(token, { ...proof, accepted_terms: true });
      expect(await stored()).to.deep.equal({ version: '2026-04', accepted: true });
    });

    it('are nobody’s where they are asked for no more, or where an operator verifies', async () => {
      const { token } = await asking.register('ada', { accepted_terms: true });
      const unasking = other({ proof: 'link-and-password' });
      await unasking.fluentmeet.verifyEmail(token, { new_password: newPassword, accepted_terms: true });
      expect(await stored()).to.deep.equal(nothing);
      await free.query('truncate users, mailbox_counts cascade');
      const { id } = await asking.register('ada', { accepted_terms: true });
      await verifyUser(both.context, { id });
      expect((await stored())?.version).to.equal(null);
    });
  });
});
