import { inspect } from 'node:util';
import { expect } from 'chai';
import sinon from 'sinon';
import { HookFailedError, ServiceUnavailableError, SignUpRefusedError } from '../../src/errors.js';
import { fault } from '../../src/faults.js';
import { describeError } from '../../src/logger.js';
import { parseOptions } from '../../src/options/options.js';
import { passwordPolicyFault } from '../../src/passwords/password-policy.js';
import { rejection, testOptions } from '../fluentmeet/test-instance.js';

describe('passwordPolicyFault', () => {
  const config = (options: object = {}) =>
    parseOptions({
      ...testOptions,
      database: 'postgres://nobody@localhost/none',
      publisher: 'none',
      ...options,
    });
  const owner = { email: 'ada.king@example.com', fullName: 'Ada King Lovelace' };

  for (const [password, code] of [
    ['short', 'PASSWORD_TOO_SHORT'],
    ['abcd\0efgh', 'PASSWORD_HOLDS_NUL'],
    ['Password', 'PASSWORD_COMMON'],
    ['Ada King Lovelace', 'PASSWORD_PERSONAL'],
    ['ada.king', 'PASSWORD_PERSONAL'],
    ['FluentMeet', 'PASSWORD_PERSONAL'],
  ] as const) {
    it(`finds ${code} by default`, async () => {
      expect(await passwordPolicyFault(config(), password, owner)).to.deep.equal(fault('password', code));
    });
  }

  it('takes MyStr0ngP@ss! by default', async () => {
    expect(await passwordPolicyFault(config(), 'MyStr0ngP@ss!', owner)).to.equal(null);
  });

  it("minds the host's own brand", async () => {
    const branded = config({ brand: { name: 'Colloquium' } });
    expect(await passwordPolicyFault(branded, 'colloquium', owner)).to.have.property(
      'code',
      'PASSWORD_PERSONAL',
    );
    expect(await passwordPolicyFault(config(), 'colloquium', owner)).to.equal(null);
  });

  it('takes all of it where the list is switched off, but for the form', async () => {
    const off = config({ passwordBlocklist: false });
    for (const password of ['password', 'ada.king', 'FluentMeet']) {
      expect(await passwordPolicyFault(off, password, owner)).to.equal(null);
    }
    expect(await passwordPolicyFault(off, 'short', owner)).to.have.property('code', 'PASSWORD_TOO_SHORT');
  });

  it("asks the host's function in the list's place, with what is known of the person", async () => {
    const blocked = sinon.stub<[string, object], boolean | Promise<boolean>>().resolves(false);
    const own = config({ passwordBlocklist: blocked });
    expect(await passwordPolicyFault(own, 'password', owner)).to.equal(null);
    expect(blocked.args).to.deep.equal([['password', owner]]);
    blocked.returns(true);
    expect(await passwordPolicyFault(own, 'MyStr0ngP@ss!', owner)).to.deep.equal(
      fault('password', 'PASSWORD_COMMON'),
    );
    blocked.resetHistory();
    await passwordPolicyFault(own, 'short', owner);
    expect(blocked.called).to.equal(false);
  });

  it('does not take a forgotten answer, a failure or silence for a yes', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      for (const [answer, error] of [
        [() => undefined, /neither true nor false/],
        [async () => 1, /neither true nor false/],
        [
          () => {
            throw new Error('leaked list is away');
          },
          /failed \(Error\)/,
        ],
        [() => new Promise(() => {}), /longer than 5 s/],
      ] as [() => never, RegExp][]) {
        const asked = rejection(
          passwordPolicyFault(config({ passwordBlocklist: answer }), 'MyStr0ngP@ss!', owner),
        );
        await clock.tickAsync(5000);
        expect(await asked)
          .to.be.instanceOf(Error)
          .with.property('message')
          .that.matches(error);
      }
    } finally {
      clock.restore();
    }
  });

  it("keeps nothing of what the host's function throws, which may hold the password, but its kind", async () => {
    const password = 'MyStr0ngP@ss!';
    const quoting = () =>
      new Error(`no answer for /range?password=${password}`, { cause: new Error(password) });
    const named = Object.assign(quoting(), { name: password, code: password });
    const away = new TypeError(password, { cause: Object.assign(quoting(), { code: 'ECONNREFUSED' }) });
    for (const thrown of [
      quoting(),
      named,
      away,
      password,
      new HookFailedError(password, password, { cause: quoting() }),
      new ServiceUnavailableError('database', false, { cause: quoting() }),
    ]) {
      const own = config({ passwordBlocklist: () => Promise.reject(thrown) });
      const error = await rejection(passwordPolicyFault(own, password, owner));
      expect(error).to.include({ code: 'HOOK_FAILED', hook: 'passwordBlocklist' });
      expect(inspect(error, { depth: 9, showHidden: true })).not.to.contain(password);
      expect(JSON.stringify(describeError(error))).not.to.contain(password);
      if (thrown === away) expect(error.message).to.contain('TypeError ECONNREFUSED');
    }
    const refusal = new SignUpRefusedError({ code: 'PASSWORD_LEAKED', message: 'Choose another.' });
    const own = config({ passwordBlocklist: () => Promise.reject(refusal) });
    expect(await rejection(passwordPolicyFault(own, password, owner))).to.equal(refusal);
  });

  it('works a score out last, where there is room', async () => {
    const requireRoom = sinon.stub();
    const scored = config({ passwordMinScore: 3 });
    const score = (password: string) => passwordPolicyFault(scored, password, owner, requireRoom);
    expect(await score('password')).to.have.property('code', 'PASSWORD_COMMON');
    expect(await score('short')).to.have.property('code', 'PASSWORD_TOO_SHORT');
    expect(requireRoom.called).to.equal(false);
    expect(await score('lovelace1')).to.have.property('code', 'PASSWORD_WEAK');
    expect(await score('quorvale zyxomatic tulip')).to.equal(null);
    expect(requireRoom.callCount).to.equal(2);
    requireRoom.throws(new Error('full'));
    expect(await rejection(score('quorvale zyxomatic tulip'))).to.have.property('message', 'full');
  });
});
