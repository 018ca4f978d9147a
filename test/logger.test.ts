import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';
import { consoleLogger, describeError, maskEmailAddress } from '../src/logger.js';

describe('maskEmailAddress', () => {
  for (const [address, masked] of [
    ['ada.lovelace@example.com', 'a***@example.com'],
    ['a@example.com', 'a***@example.com'],
    ['odd@local@example.com', 'o***@example.com'],
    ['@example.com', '***'],
    ['no address at all', '***'],
    ['', '***'],
  ] as const) {
    it(`makes ${masked} of ${JSON.stringify(address)}`, () => {
      expect(maskEmailAddress(address)).to.equal(masked);
    });
  }

  it('shows no more of any local part than its first character', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const at = address.lastIndexOf('@');
        expect(maskEmailAddress(address)).to.equal(`${address[0]}***${address.slice(at)}`);
      }),
    );
  });
});

describe('describeError', () => {
  it('tells the name, the message, the code and the message of the cause, and nothing else', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { parameters: ['hash'] });
    const error = Object.assign(new TypeError('it failed', { cause }), {
      code: 'X1',
      sql: 'select',
      parameters: ['hash'],
    });
    expect(describeError(error)).to.deep.equal({
      name: 'TypeError',
      message: 'it failed',
      code: 'X1',
      cause: 'connect ECONNREFUSED',
    });
    expect(describeError(new Error('plain'))).to.deep.equal({ name: 'Error', message: 'plain' });
  });

  for (const thrown of ['a password', { password: 'a password' }, undefined, null, 7]) {
    it(`does not repeat ${JSON.stringify(thrown)} that was thrown instead of an error`, () => {
      expect(JSON.stringify(describeError(thrown))).not.to.include('a password');
    });
  }
});

describe('consoleLogger', () => {
  afterEach(() => sinon.restore());

  it('writes warnings and errors as one line of JSON each, whatever they contain, and nothing else', () => {
    const warn = sinon.stub(console, 'warn');
    const error = sinon.stub(console, 'error');
    const log = sinon.stub(console, 'log');
    const nasty = 'two\nlines\r\u2028and \u001b[31mred';
    consoleLogger.debug({ event: 'a.b' }, 'quiet');
    consoleLogger.info({ event: 'a.b' }, 'quiet');
    consoleLogger.warn({ event: 'a.b', nasty }, 'careful');
    consoleLogger.error({ event: 'a.c', nasty }, 'broken');
    expect(log.callCount).to.equal(0);
    expect(JSON.parse(warn.firstCall.args[0])).to.deep.equal({
      level: 'warn',
      event: 'a.b',
      nasty,
      message: 'careful',
    });
    expect(JSON.parse(error.firstCall.args[0])).to.deep.equal({
      level: 'error',
      event: 'a.c',
      nasty,
      message: 'broken',
    });
    for (const spy of [warn, error])
      expect(Array.from(spy.firstCall.args[0] as string).every((letter) => letter >= ' ')).to.equal(true);
  });
});
