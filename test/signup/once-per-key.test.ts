import { expect } from 'chai';
import sinon from 'sinon';
import {
  ChallengeRequiredError,
  DatabaseError,
  EmailAlreadyRegisteredError,
  IdempotencyKeyReusedError,
  InviteInvalidError,
  SignUpRefusedError,
} from '../../src/errors.js';
import type { Config } from '../../src/options/options.js';
import { oncePerKey } from '../../src/signup/once-per-key.js';

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('oncePerKey', () => {
  const config = {} as Config;
  const keyOf = (name: string) => ({ key: Buffer.from(name), address: Buffer.from('address') });
  const conflict = (constraint: string) => new DatabaseError('refused', '23505', constraint);

  it('signs up where nothing is found', async () => {
    const find = sinon.fake.resolves(undefined);
    expect(await oncePerKey(config, keyOf('a'), { find, signUp: async () => 'new' })).to.equal('new');
    expect(find.callCount).to.equal(1);
  });

  it('finds what was answered before, and signs up nobody', async () => {
    const signUp = sinon.fake.resolves('new');
    expect(await oncePerKey(config, keyOf('a'), { find: async () => 'earlier', signUp })).to.equal('earlier');
    expect(signUp.callCount).to.equal(0);
  });

  const used = [
    new EmailAlreadyRegisteredError(),
    new InviteInvalidError(),
    new ChallengeRequiredError(),
    new SignUpRefusedError({ code: 'NO', message: 'No.' }),
    conflict('signup_keys_pkey'),
  ];
  for (const error of used) {
    it(`finds what a twin in another process wrote meanwhile, after ${error.name}`, async () => {
      const find = sinon.stub().resolves(undefined).onSecondCall().resolves('twin');
      expect(await oncePerKey(config, keyOf('a'), { find, signUp: () => Promise.reject(error) })).to.equal(
        'twin',
      );
    });
  }

  it('refuses as it was refused where no twin wrote anything', async () => {
    for (const error of used.slice(0, -1)) {
      const find = sinon.fake.resolves(undefined);
      expect(
        await rejection(oncePerKey(config, keyOf('a'), { find, signUp: () => Promise.reject(error) })),
      ).to.equal(error);
      expect(find.callCount).to.equal(2);
    }
  });

  it('says that the key is somebody else’s where it is taken and not found', async () => {
    const find = sinon.fake.resolves(undefined);
    const signUp = () => Promise.reject(conflict('signup_keys_pkey'));
    expect(await rejection(oncePerKey(config, keyOf('a'), { find, signUp }))).to.be.instanceOf(
      IdempotencyKeyReusedError,
    );
  });

  it('looks for no twin after any other failure', async () => {
    for (const error of [new Error('away'), conflict('users_email_key')]) {
      const find = sinon.fake.resolves(undefined);
      expect(
        await rejection(oncePerKey(config, keyOf('a'), { find, signUp: () => Promise.reject(error) })),
      ).to.equal(error);
      expect(find.callCount).to.equal(1);
    }
  });

  describe('for two at once', () => {
    function twins(second: { config?: Config; name?: string } = {}) {
      const { promise: gate, resolve: open, reject: fail } = withResolvers<string>();
      const began: string[] = [];
      const once = (name: string, work: () => Promise<string>) => ({
        find: async () => void began.push(name),
        signUp: work,
      });
      const first = oncePerKey(
        config,
        keyOf('a'),
        once('first', () => gate),
      );
      const other = oncePerKey(
        second.config ?? config,
        keyOf(second.name ?? 'a'),
        once('second', async () => 'done'),
      );
      return { began, open, fail, first, other };
    }
    const turn = () => new Promise(setImmediate);

    it('lets the second wait for the first, however that ends', async () => {
      const { began, open, first, other } = twins();
      await turn();
      expect(began).to.deep.equal(['first']);
      open('one');
      expect(await Promise.all([first, other])).to.deep.equal(['one', 'done']);

      const failing = twins();
      failing.fail(new Error('away'));
      expect(await rejection(failing.first)).to.be.an('error');
      expect(await failing.other).to.equal('done');
    });

    it('lets nobody wait for another key, or for another instance', async () => {
      for (const second of [{ name: 'b' }, { config: {} as Config }]) {
        const { began, open, first, other } = twins(second);
        expect(await other).to.equal('done');
        expect(began).to.have.members(['first', 'second']);
        open('one');
        await first;
      }
    });

    it('lets a third wait for the second', async () => {
      const order: string[] = [];
      const one = (name: string) => ({
        find: async () => undefined,
        signUp: async () => {
          order.push(`${name} begins`);
          await turn();
          order.push(`${name} ends`);
        },
      });
      const first = oncePerKey(config, keyOf('a'), one('1'));
      const second = oncePerKey(config, keyOf('a'), one('2'));
      await first;
      await Promise.all([second, oncePerKey(config, keyOf('a'), one('3'))]);
      expect(order).to.deep.equal(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']);
    });
  });
});

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((keep, refuse) => ([resolve, reject] = [keep, refuse]));
  return { promise, resolve, reject };
}
