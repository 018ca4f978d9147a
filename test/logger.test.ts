import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';
import {
  consoleLogger,
  describeError,
  errorText,
  harmlessLogger,
  loggerOf,
  maskEmailAddress,
} from '../src/logger.js';
import { tokenValue } from '../src/verification/token-value.js';
import { unhandledIn } from './support/unhandled-in.js';
import { inTime } from './support/in-time.js';

describe('maskEmailAddress', () => {
  for (const [address, masked] of [
    ['ada.lovelace@example.com', 'a***@example.com'],
    ['a@example.com', 'a***@example.com'],
    ['odd@local@example.com', 'o***@example.com'],
    ['😀.ada@example.com', '😀***@example.com'],
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

  it('masks the addresses that a host quotes in an error of its own', () => {
    const cause = new Error('no row for ada@example.com');
    expect(describeError(new Error('ada@example.com is banned', { cause }))).to.deep.equal({
      name: 'Error',
      message: 'a***@example.com is banned',
      cause: 'no row for a***@example.com',
    });
  });

  it('names the constraint at which a host’s own statement failed', () => {
    const parent = { constraint: 'users_login_key', detail: 'Key (login)=(ada) already exists.' };
    const cause = Object.assign(new Error('Validation error'), { parent });
    expect(describeError(new Error('onVerified failed', { cause })).cause).to.equal(
      'Validation error (users_login_key)',
    );
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

describe('harmlessLogger', () => {
  for (const [what, fails] of [
    ['throws', () => expect.fail('the line could not be written')],
    ['rejects', async () => expect.fail('the line could not be written')],
  ] as const) {
    it(`hears nothing of a host's that ${what}`, async () => {
      const written = sinon.stub().callsFake(fails);
      const logger = harmlessLogger(loggerOf(() => written));
      const unhandled = await unhandledIn(() => {
        for (const level of ['debug', 'info', 'warn', 'error'] as const) {
          logger[level]({ event: 'test' }, 'A line');
        }
      });
      expect(unhandled).to.deep.equal([]);
      sinon.assert.callCount(written, 4);
      sinon.assert.alwaysCalledWithExactly(written, { event: 'test' }, 'A line');
    });
  }
});

describe('errorText', () => {
  const token = tokenValue('a secret of the tests, 32 characters and more', crypto.randomUUID());
  const cases: [string, string, string][] = [
    ['masks an address', '550 5.1.1 <ada@example.com>: unknown', '550 5.1.1 <a***@example.com>: unknown'],
    ['masks every address', 'a.b+c@x.io,ada@y.io', 'a***@x.io,a***@y.io'],
    [
      'takes credentials out of a URL',
      'smtp://user:pa%40ss@mail.example.com:25',
      'smtp://***@mail.example.com:25',
    ],
    ['takes a token out of a link', `https://x.io/v?token=${token}&a`, 'https://x.io/v?token=…&a'],
    ['takes a token out alone, in capitals', token.toUpperCase(), '…'],
    ['takes out one with its hyphens encoded', token.replaceAll('-', '%2D'), '…'],
    ['takes out one in quoted-printable', token.replaceAll('-', '=2D'), '…'],
    ['takes out one with other hyphens', token.replaceAll('-', '\u2010'), '…'],
    ['takes out one without hyphens', token.replaceAll('-', ''), '…'],
    ['leaves an event id', '0f8fad5b-d9cb-469f-a165-70867728950e', '0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['is one line without control characters', 'a\r\nb\0c\u001b[2J\u2028d', 'a b c [2J d'],
    ['leaves other text alone', 'connect ECONNREFUSED ::1:25 (é)', 'connect ECONNREFUSED ::1:25 (é)'],
  ];
  for (const [what, text, expected] of cases) {
    it(what, () => expect(errorText(text)).to.equal(expected));
  }

  it('is short enough for a table', () => {
    expect(errorText('x'.repeat(10_000))).to.have.lengthOf(500);
    expect(errorText(`x${'😀'.repeat(10_000)}`)).to.equal(`x${'😀'.repeat(249)}`);
  });

  it('takes no longer for a hostile text', async () => {
    const texts = ['a', '@', '//', 'a@', '//a:', 'a.'.repeat(50)].map((part) => part.repeat(50_000));
    await inTime(2_000, () => texts.map(errorText));
  });
});
