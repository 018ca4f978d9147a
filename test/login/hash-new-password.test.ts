import bcrypt from 'bcrypt';
import { expect } from 'chai';
import sinon from 'sinon';
import { SignUpRefusedError, type ValidationError } from '../../src/index.js';
import { createTestInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('hashPassword', () => {
  const server = 'postgres://nobody@127.0.0.1:1/none';
  let instance: TestInstance;
  afterEach(async () => {
    sinon.restore();
    await instance.stop();
  });

  it('takes what a signup takes, and names the fault of what it does not', async () => {
    instance = createTestInstance(server);
    const codeOf = async (password: unknown, owner = {}) =>
      ((await rejection(instance.fluentmeet.hashPassword(password as string, owner))) as ValidationError)
        .details[0]?.code;
    expect(await instance.fluentmeet.hashPassword('a quiet lighthouse keeper')).to.match(/^\$2b\$04\$/);
    expect(await codeOf(undefined)).to.equal('PASSWORD_MISSING');
    expect(await codeOf(12345678)).to.equal('PASSWORD_NOT_TEXT');
    expect(await codeOf('short')).to.equal('PASSWORD_TOO_SHORT');
    expect(await codeOf('password1')).to.equal('PASSWORD_COMMON');
    expect(await codeOf('ada@example.com', { email: 'ada@example.com' })).to.equal('PASSWORD_PERSONAL');
    expect(await codeOf('Ada Lovelace', { fullName: 'Ada Lovelace' })).to.equal('PASSWORD_PERSONAL');
  });

  it('takes an owner whose address or name is no text, of a body that nobody looked at, for unknown', async () => {
    const passwordBlocklist = sinon.stub().returns(false);
    for (const options of [{ passwordMinScore: 1 }, { passwordBlocklist }]) {
      instance = createTestInstance(server, options);
      for (const part of [{}, 5, null, ['ada@example.com']]) {
        const owner = { email: part, fullName: part } as never;
        expect(await instance.fluentmeet.hashPassword('a quiet lighthouse keeper', owner)).to.match(
          /^\$2b\$/,
        );
      }
    }
    sinon.assert.callCount(passwordBlocklist, 4);
    sinon.assert.alwaysCalledWith(passwordBlocklist, sinon.match.string, {
      email: undefined,
      fullName: undefined,
    });
  });

  it("asks the host's own blocklist, whose word to the person it is", async () => {
    instance = createTestInstance(server, {
      passwordBlocklist() {
        throw new SignUpRefusedError({
          code: 'PASSWORD_BREACHED',
          message: 'This password was in a breach.',
        });
      },
    });
    expect(await rejection(instance.fluentmeet.hashPassword('a quiet lighthouse keeper'))).to.include({
      reason: 'PASSWORD_BREACHED',
    });
  });

  it('is refused at once where too many hashes wait, and signups are not', async () => {
    instance = createTestInstance(server, { hashConcurrency: 1 });
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    sinon.stub(bcrypt, 'hash').callsFake(async () => {
      await held;
      return 'hash';
    });
    const asked = [];
    let refused: unknown;
    while (refused === undefined) {
      const one = instance.fluentmeet.hashPassword('a quiet lighthouse keeper');
      asked.push(one.catch((error: unknown) => (refused = error)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(refused).to.include({ code: 'SERVICE_UNAVAILABLE' });
    expect(() => instance.context.hasher.requireRoom()).not.to.throw();
    finish();
    await Promise.all(asked);
  });
});
