import bcrypt from 'bcrypt';
import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';
import { ServiceUnavailableError } from '../../src/errors.js';
import { readPasswordHash } from '../../src/passwords/password-hash.js';
import { rejection } from '../fluentmeet/test-instance.js';
import { createPasswordHasher, type PasswordFault, passwordFault } from '../../src/passwords/password.js';

describe('passwordFault', () => {
  const accepted: [string, string][] = [
    ['8 characters', 'aaaaaaaa'],
    ['72 bytes', 'a'.repeat(72)],
    ['36 characters of two bytes', 'é'.repeat(36)],
    ['24 characters of three bytes', '€'.repeat(24)],
    ['18 characters of four bytes', '😀'.repeat(18)],
    ['73 bytes', 'a'.repeat(73)],
    ['25 Japanese characters', '静'.repeat(25)],
    ['1,000 characters', 'a'.repeat(1000)],
    ['1,000 code points of two UTF-16 units', '😀'.repeat(1000)],
    ['8 code points of two UTF-16 units', '😀'.repeat(8)],
    ['spaces alone', ' '.repeat(8)],
    ['surrounding spaces', ' secret '],
    ['control characters', '\u0001\t\n\r\u007f\u0085\u2028x'],
    ['a decomposed accent', 'passwo\u0301rd'],
    ['no class of characters in particular', 'passwort'],
  ];
  for (const [what, text] of accepted) {
    it(`accepts ${what}`, () => expect(passwordFault(text)).to.equal(null));
  }

  const refused: [string, string, PasswordFault][] = [
    ['nothing', '', 'PASSWORD_MISSING'],
    ['7 characters', 'aaaaaaa', 'PASSWORD_TOO_SHORT'],
    ['7 code points in 14 UTF-16 units', '😀'.repeat(7), 'PASSWORD_TOO_SHORT'],
    ['4 code points in 8 UTF-16 units', '😀'.repeat(4), 'PASSWORD_TOO_SHORT'],
    ['7 characters and nothing to trim', 'aaa aaa', 'PASSWORD_TOO_SHORT'],
    ['1,001 characters', 'a'.repeat(1001), 'PASSWORD_TOO_LONG'],
    ['1,001 code points of two UTF-16 units', '😀'.repeat(1001), 'PASSWORD_TOO_LONG'],
    ['a megabyte', 'a'.repeat(1_000_000), 'PASSWORD_TOO_LONG'],
    ['a NUL', 'abcd\0efgh', 'PASSWORD_HOLDS_NUL'],
    ['a NUL at the end', 'abcdefgh\0', 'PASSWORD_HOLDS_NUL'],
    ['a lone high surrogate', 'abcdefg\ud800', 'PASSWORD_MALFORMED'],
    ['a lone low surrogate', '\udc00abcdefg', 'PASSWORD_MALFORMED'],
    ['surrogates the wrong way round', 'abcdefg\ude00\ud83d', 'PASSWORD_MALFORMED'],
  ];
  for (const [what, text, fault] of refused) {
    it(`refuses ${what}`, () => expect(passwordFault(text)).to.equal(fault));
  }

  it('counts the form that was typed: composed 7 is short, decomposed 8 is not', () => {
    expect(passwordFault('passw\u00f3r')).to.equal('PASSWORD_TOO_SHORT');
    expect(passwordFault('passwo\u0301r')).to.equal(null);
  });

  it('accepts exactly what is 8 to 1,000 code points, without NUL and well formed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 80 }),
          fc.string({ unit: 'binary', minLength: 950, maxLength: 1050 }),
        ),
        (text) => {
          const wellFormed = Buffer.from(text, 'utf8').toString('utf8') === text;
          const length = Array.from(text).length;
          const fine = length >= 8 && length <= 1000 && !text.includes('\0') && wellFormed;
          expect(passwordFault(text) === null).to.equal(fine);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('createPasswordHasher', () => {
  afterEach(() => sinon.restore());

  /** In the place of bcrypt: hashes that end when the test says so. */
  function stubBcrypt() {
    const calls: { password: string; finish: () => void; fail: (error: Error) => void }[] = [];
    sinon.stub(bcrypt, 'hash').callsFake(
      ((password: string) =>
        new Promise<string>((resolve, reject) => {
          calls.push({ password, finish: () => resolve(`hash of ${password}`), fail: reject });
        })) as typeof bcrypt.hash,
    );
    return calls;
  }

  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('hashes at the cost asked for, and verifies', async () => {
    const hasher = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 0 });
    for (const password of ['MyStr0ngP@ss!', '静かな灯台守は夜明け前に海の向こうの船を数えている']) {
      const hash = await hasher.hash(password);
      expect(readPasswordHash(hash)).to.have.property('cost', 4);
      expect(await hasher.verify(password, hash)).to.equal(true);
      expect(await hasher.verify(`${password}x`, hash)).to.equal(false);
    }
    expect(hasher.pending).to.equal(0);
  });

  it('does not trim, fold or normalise', async () => {
    const hasher = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 0 });
    const hash = await hasher.hash(' Zoe\u0308 1234 ');
    for (const other of ['Zoe\u0308 1234', ' zoe\u0308 1234 ', ' Zo\u00eb 1234 ']) {
      expect(await bcrypt.compare(other, hash)).to.equal(false);
    }
  });

  it('salts every hash anew', async () => {
    const hasher = createPasswordHasher({ cost: 4, concurrency: 2, maxQueue: 0 });
    const [one, other] = await Promise.all([hasher.hash('MyStr0ngP@ss!'), hasher.hash('MyStr0ngP@ss!')]);
    expect(one).not.to.equal(other);
  });

  it('runs as many as allowed and lets the others in, in their order', async () => {
    const calls = stubBcrypt();
    const hasher = createPasswordHasher({ cost: 4, concurrency: 2, maxQueue: 10 });
    const hashes = ['one', 'two', 'three', 'four'].map((password) => hasher.hash(password));
    expect(hasher.pending).to.equal(4);
    expect(calls.map(({ password }) => password)).to.deep.equal(['one', 'two']);

    calls[1]?.finish();
    await settled();
    expect(calls.map(({ password }) => password)).to.deep.equal(['one', 'two', 'three']);
    expect(hasher.pending).to.equal(3);

    calls[0]?.finish();
    await settled();
    for (const call of calls) call.finish();
    await settled();
    for (const call of calls) call.finish();
    expect(await Promise.all(hashes)).to.deep.equal([
      'hash of one',
      'hash of two',
      'hash of three',
      'hash of four',
    ]);
    expect(hasher.pending).to.equal(0);
  });

  it('refuses at once what finds the queue full, and takes more when a place is free', async () => {
    const calls = stubBcrypt();
    const hasher = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 1 });
    const first = hasher.hash('first');
    const second = hasher.hash('second');
    const error = await hasher.hash('third').catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ServiceUnavailableError).with.property('reason', 'hash-queue');
    expect(() => hasher.requireRoom()).to.throw(ServiceUnavailableError);
    expect(hasher.pending).to.equal(2);

    calls[0]?.finish();
    await first;
    hasher.requireRoom();
    const fourth = hasher.hash('fourth');
    await settled();
    calls[1]?.finish();
    await second;
    await settled();
    calls[2]?.finish();
    expect(await fourth).to.equal('hash of fourth');
  });

  it('verifies in the same queue', async () => {
    const calls = stubBcrypt();
    const hasher = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 0 });
    const first = hasher.hash('first');
    const hash = '$2b$04$q3D4C0ir0QcxvXCN/YH11.q5fDMkqvfQQbCN3tDw29FR2Sx3As4Hi';
    expect(await rejection(hasher.verify('second', hash))).to.be.instanceOf(ServiceUnavailableError);
    calls[0]?.finish();
    await first;
  });

  it('lets nobody wait when maxQueue is 0', async () => {
    const calls = stubBcrypt();
    const hasher = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 0 });
    const first = hasher.hash('first');
    expect(await hasher.hash('second').catch((reason: unknown) => reason)).to.be.instanceOf(
      ServiceUnavailableError,
    );
    calls[0]?.finish();
    await first;
  });

  it('frees the place of a hash that failed', async () => {
    const calls = stubBcrypt();
    const hasher = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 1 });
    const first = hasher.hash('first');
    const second = hasher.hash('second');
    calls[0]?.fail(new Error('no entropy'));
    expect(await first.catch((reason: Error) => reason.message)).to.equal('no entropy');
    await settled();
    calls[1]?.finish();
    expect(await second).to.equal('hash of second');
    expect(hasher.pending).to.equal(0);
  });

  it('hashes nothing for an asker who has gone, neither at once nor when the turn has come', async () => {
    const hashed = sinon.spy(bcrypt, 'hash');
    const hasher = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 1 });
    let isThere = true;
    const requireAsker = (): void => {
      if (!isThere) throw new Error('gone');
    };
    const own = hasher.as({ requireAsker });
    const first = hasher.hash('the first in the line');
    const second = own.hash('the second in the line').catch(String);
    isThere = false;
    await first;
    expect(await second).to.equal('Error: gone');
    expect(await own.verify('whatever', '$2b$04$').catch(String)).to.equal('Error: gone');
    sinon.assert.calledOnce(hashed);
    expect(hasher.pending).to.equal(0);
  });

  for (const password of ['abcd\0efgh', 'abcdefg\ud800']) {
    it(`will not hash ${JSON.stringify(password.slice(0, 12))}, which bcrypt would change`, async () => {
      const hasher = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 0 });
      const error = await hasher.hash(password).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(RangeError);
      expect(String(error)).not.to.include(password);
      expect(hasher.pending).to.equal(0);
    });
  }

  it('never runs more than allowed, and forgets nobody', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 12 }),
        async (concurrency, maxQueue, count) => {
          let running = 0;
          let most = 0;
          const stub = sinon.stub(bcrypt, 'hash').callsFake((async (password: string) => {
            running += 1;
            most = Math.max(most, running);
            await settled();
            running -= 1;
            return password;
          }) as typeof bcrypt.hash);
          const hasher = createPasswordHasher({ cost: 4, concurrency, maxQueue });
          const results = await Promise.allSettled(
            Array.from({ length: count }, (_, i) => hasher.hash(`${i}`)),
          );
          stub.restore();
          const hashed = results.filter(({ status }) => status === 'fulfilled').length;
          expect(hashed).to.equal(Math.min(count, concurrency + maxQueue));
          expect(most).to.equal(Math.min(count, concurrency));
          expect(hasher.pending).to.equal(0);
        },
      ),
    );
  });
});
