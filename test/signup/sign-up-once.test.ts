import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { requireChallenge } from '../../src/challenge/require-challenge.js';
import { SignUpRefusedError } from '../../src/errors.js';
import { createInvite } from '../../src/invites/create-invite.js';
import type { FluentMeetOptions } from '../../src/options/options.js';
import { requestSignUp } from '../../src/signup/request-sign-up.js';
import { signUpOnce } from '../../src/signup/sign-up-once.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import {
  createMigratedInstance,
  createTestInstance,
  rejection,
  type TestInstance,
} from '../fluentmeet/test-instance.js';

describe('two signups at once with one key', () => {
  let main: TestInstance & { url: string };
  const others: TestInstance[] = [];
  before(async () => (main = await createMigratedInstance()));
  after(async () => {
    for (const other of others) await other.stop();
    await main.stop();
  });

  let people = 0;
  const person = (fields: object = {}) => ({
    email: `twin${++people}@example.com`,
    password: canaryPassword,
    ...fields,
  });

  function instanceWith(options: Partial<FluentMeetOptions>): TestInstance['context'] {
    const other = createTestInstance(main.url, options);
    others.push(other);
    return other.context;
  }

  /** As over HTTP: of an instance whose challenge is a function. */
  const challenged = (context: TestInstance['context'], input: object) => {
    const { challenge } = context.config;
    if (typeof challenge !== 'function') return context;
    const attempt = { client: undefined, idempotencyKey: undefined };
    return { ...context, passChallenge: () => requireChallenge(challenge, input, attempt) };
  };
  const accountsOf = (email: string) => main.query('select from users where email = $1', [email]);

  for (const [duplicates, sign] of [
    ['conflict', signUpOnce],
    ['conceal', requestSignUp],
  ] as const) {
    describe(duplicates, () => {
      it('spend the one use of an invite, and both get its answer', async () => {
        const context = instanceWith({ signup: 'invite', duplicates });
        const input = person({ invite: (await createInvite(context)).token });
        const key = randomUUID();
        const [first, ...rest] = await Promise.all(
          Array.from({ length: 5 }, () => sign(context, input, key)),
        );
        for (const other of rest) expect(other).to.deep.equal(first);
        expect(await accountsOf(input.email)).to.have.lengthOf(1);
      });

      it('spend the one use of an invite in two processes', async () => {
        const options = { signup: 'invite', duplicates } as const;
        const elsewhere = instanceWith(options);
        const input = person();
        const key = randomUUID();
        const here = instanceWith({
          ...options,
          hooks: { beforeSignUp: async () => void (await sign(elsewhere, input, key)) },
        });
        Object.assign(input, { invite: (await createInvite(here)).token });
        const answer = await sign(here, input, key);
        expect(answer).to.deep.equal(await sign(elsewhere, input, key));
        expect(await accountsOf(input.email)).to.have.lengthOf(1);
      });

      it('are written by two processes at the same moment', async () => {
        const contexts = [instanceWith({ duplicates }), instanceWith({ duplicates })];
        const [input, key] = [person(), randomUUID()];
        const [first, second] = await Promise.all(contexts.map((context) => sign(context, input, key)));
        expect(second).to.deep.equal(first);
        expect(await accountsOf(input.email)).to.have.lengthOf(1);

        const [two, other] = [[person(), person()], randomUUID()];
        const results = await Promise.allSettled(
          contexts.map((context, index) => sign(context, two[index], other)),
        );
        expect(results.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
        const refused = results.find((result) => result.status === 'rejected');
        expect(refused?.reason.code).to.equal('IDEMPOTENCY_KEY_REUSED');
        const accounts = await Promise.all(two.map(({ email }) => accountsOf(email)));
        expect(accounts.flat()).to.have.lengthOf(1);
      });

      it('come with one challenge that is good for one, and both get the answer', async () => {
        const spent = new Set<unknown>();
        const challenge = ({ fields }: { fields: Readonly<Record<string, unknown>> }) =>
          !spent.has(fields['proof']) && Boolean(spent.add(fields['proof']));
        const context = instanceWith({ duplicates, challenge });
        const input = person({ proof: 'spent once' });
        const key = randomUUID();
        const [first, ...rest] = await Promise.all(
          Array.from({ length: 3 }, () => sign(challenged(context, input), input, key)),
        );
        for (const other of rest) expect(other).to.deep.equal(first);
        const without = person({ proof: 'spent once' });
        const refused = await rejection(sign(challenged(context, without), without, randomUUID()));
        expect(refused.code).to.equal('CHALLENGE_REQUIRED');
      });

      for (const [what, refuse] of [
        [
          'the challenge',
          (refused: () => Promise<void>) => ({ challenge: () => refused().then(() => false) }),
        ],
        [
          'the host',
          (refused: () => Promise<void>) => ({
            hooks: {
              beforeSignUp: async () => {
                await refused();
                throw new SignUpRefusedError({ code: 'ONCE', message: 'Once.' });
              },
            },
          }),
        ],
      ] as const) {
        it(`get the answer also where ${what} refuses what its twin in another process was allowed`, async () => {
          const elsewhere = instanceWith({ duplicates });
          const input = person();
          const key = randomUUID();
          let isTwin = true;
          const here = instanceWith({
            duplicates,
            ...refuse(async () => {
              if (isTwin) await sign(elsewhere, input, key);
            }),
          });
          const answer = await sign(challenged(here, input), input, key);
          expect(answer).to.deep.equal(await sign(elsewhere, input, key));
          isTwin = false;
          const alone = person();
          expect((await rejection(sign(challenged(here, alone), alone, randomUUID()))).status).to.equal(403);
        });
      }
    });
  }

  it('one that fails keeps nobody waiting: the other does what it asked for', async () => {
    let calls = 0;
    const context = instanceWith({
      hooks: {
        beforeSignUp: () => {
          if (++calls === 1) throw new SignUpRefusedError({ code: 'NOT_NOW', message: 'Not now.' });
        },
      },
    });
    const [input, key] = [person(), randomUUID()];
    const results = await Promise.allSettled([
      signUpOnce(context, input, key),
      signUpOnce(context, input, key),
    ]);
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled']);
  });
});
