import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { eraseUser } from '../../src/desk/erase-user.js';
import { setUserActive } from '../../src/desk/set-user-active.js';
import { verifyUser } from '../../src/desk/verify-user.js';
import { requestSignUp } from '../../src/signup/request-sign-up.js';
import { signUpOnce } from '../../src/signup/sign-up-once.js';
import { disownAccount } from '../../src/verification/disown-account.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createMigratedInstance, type Registered, type TestInstance } from '../fluentmeet/test-instance.js';

const newPassword = `${canaryPassword} of the owner`;

/** What may be said to somebody who lost a race. */
const refusals = [
  'EMAIL_ALREADY_REGISTERED',
  'IDEMPOTENCY_KEY_REUSED',
  'INVALID_TOKEN',
  'WRONG_PASSWORD',
  'NOT_FOUND',
];

describe('two of everything that is done with one account, at once', () => {
  let instance: TestInstance;
  before(async () => {
    instance = await createMigratedInstance({ proof: 'link-and-password' });
    await instance.warmUp();
  });
  after(() => instance.stop());

  const acts = ({ context, fluentmeet, resend }: TestInstance, { email, token }: Registered) => {
    const input = { email, password: canaryPassword };
    const key = randomUUID();
    return {
      verify: () => fluentmeet.verifyEmail(token, { password: canaryPassword }),
      replace: () => fluentmeet.verifyEmail(token, { new_password: newPassword }),
      disown: () => disownAccount(context, token),
      resend: () => resend(email),
      'sign up': () => signUpOnce(context, input, key),
      'ask to sign up': () => requestSignUp(context, input, key),
      'log in': () => fluentmeet.checkPassword(email, canaryPassword, { client: '192.0.2.1' }),
      erase: () => eraseUser(context, { email }),
      deactivate: () => setUserActive(context, { email }, false),
      'verify by hand': () => verifyUser(context, { email }),
    };
  };
  type Act = keyof ReturnType<typeof acts>;
  const names = Object.keys(acts({} as TestInstance, {} as Registered)) as Act[];
  let people = 0;

  /** What became of each: `ok`, or the code that it was refused with. */
  async function atOnce(...chosen: Act[]) {
    const ada = await instance.register(`person${++people}`);
    const all = acts(instance, ada);
    const outcomes = await Promise.all(
      chosen.map((name) =>
        all[name]().then(
          () => 'ok',
          (error: Error & { code?: string }) => error.code ?? error.message,
        ),
      ),
    );
    return { ada, outcomes };
  }

  const deadlocks = async () => {
    const [row] = await instance.query<{ deadlocks: string }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    return Number(row?.deadlocks);
  };

  for (const [index, first] of names.entries()) {
    it(`${first}: neither waits for what the other holds, and whoever loses is told why`, async () => {
      for (const second of names.slice(index)) {
        const { outcomes } = await atOnce(first, second);
        expect(outcomes, `${first} and ${second}`).to.satisfy((all: string[]) =>
          all.every((outcome) => outcome === 'ok' || refusals.includes(outcome)),
        );
      }
      expect(await deadlocks()).to.equal(0);
    });
  }

  it('all of them together, some times over', async () => {
    for (let time = 0; time < 5; time++) {
      const { outcomes } = await atOnce(...names, ...names.toReversed());
      expect(outcomes).to.satisfy((all: string[]) =>
        all.every((outcome) => outcome === 'ok' || refusals.includes(outcome)),
      );
    }
    expect(await deadlocks()).to.equal(0);
  });

  it('an account is verified or removed by its link, and never both', async () => {
    for (let time = 0; time < 5; time++) {
      const { outcomes } = await atOnce('verify', 'disown');
      expect(outcomes).to.have.members(['ok', 'INVALID_TOKEN']);
    }
  });

  it('the password of two proofs is that of the one that verified', async () => {
    for (let time = 0; time < 5; time++) {
      const { ada, outcomes } = await atOnce('replace', 'verify', 'replace');
      expect(outcomes).to.include('ok');
      const account = await instance.fluentmeet.findUserByEmail(ada.email);
      const matches = await Promise.all(
        [canaryPassword, newPassword].map((one) =>
          instance.context.hasher.verify(one, account!.hashed_password),
        ),
      );
      expect(account!.is_verified).to.equal(true);
      expect(matches.filter(Boolean)).to.have.lengthOf(1);
    }
  });
});
