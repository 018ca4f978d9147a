import { inspect } from 'node:util';
import { expect } from 'chai';
import sinon from 'sinon';
import { isForeignHash, isReadableHash } from '../../src/passwords/foreign-hashes.js';
import { hashPassword } from '../../src/passwords/password-hash.js';
import { createPasswordHasher } from '../../src/passwords/password.js';
import { rejection } from '../fluentmeet/test-instance.js';
import { unhandledIn } from '../support/unhandled-in.js';
import { djangoHashes, madeByDjango } from './django-hashes.js';

describe('foreign hashes', () => {
  const { password, ...hashes } = madeByDjango;
  const hasher = createPasswordHasher({ cost: 4, concurrency: 2, maxQueue: 10, foreign: djangoHashes });

  for (const [what, hash] of Object.entries(hashes)) {
    it(`verify what Django made by ${what}, and are outdated`, async () => {
      for (const way of ['verify', 'compare'] as const) {
        expect(await hasher[way](password, hash)).to.equal(true);
        expect(await hasher[way](`${password}!`, hash)).to.equal(false);
      }
      expect(hasher.isOutdated(password, hash)).to.equal(true);
    });
  }

  it('are none of ours, of which the host is never asked', async () => {
    const foreign = { reads: sinon.stub().returns(true), verify: sinon.stub().returns(true) };
    const ours = await hashPassword(password, 4);
    expect(isForeignHash(foreign, ours)).to.equal(false);
    const asking = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 1, foreign });
    expect(await asking.compare('another password', ours)).to.equal(false);
    expect(await asking.verify('another password', ours)).to.equal(false);
    expect(await asking.compare(password, undefined)).to.equal(false);
    sinon.assert.notCalled(foreign.reads);
    sinon.assert.notCalled(foreign.verify);
  });

  it('are one line of printable text that the host reads', () => {
    for (const hash of [
      '',
      'pbkdf2_sha256$\n',
      'pbkdf2_sha256$\0',
      `scrypt$${'x'.repeat(1000)}`,
      'md5$x',
      '!',
    ]) {
      expect(isReadableHash(djangoHashes, hash), hash).to.equal(false);
    }
    expect(isReadableHash(djangoHashes, 'pbkdf2_sha256$1$salt$x')).to.equal(true);
    expect(isReadableHash(undefined, 'pbkdf2_sha256$1$salt$x')).to.equal(false);
  });

  it('are not asked about a password that nobody can have here', async () => {
    const foreign = { reads: () => true, verify: sinon.stub().returns(true) };
    const asking = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 1, foreign });
    for (const text of ['a\0bcdefgh', 'half \ud800 a character']) {
      expect(await asking.compare(text, 'md5$x')).to.equal(false);
    }
    sinon.assert.notCalled(foreign.verify);
  });

  it('cost the work of one hash of ours beside their own', async () => {
    const { default: bcrypt } = await import('bcrypt');
    const hashing = sinon.spy(bcrypt, 'hash');
    try {
      await hasher.compare('wrong', madeByDjango.pbkdf2);
      expect(hashing.args.map(([, settings]) => String(settings).slice(4, 6))).to.deep.equal(['04']);
    } finally {
      hashing.restore();
    }
  });

  it("keep nothing of what the host's functions throw, and take no answer but true or false", async () => {
    const quoting = () => {
      throw new Error(`${password} ${madeByDjango.pbkdf2}`);
    };
    for (const [foreign, hook] of [
      [{ reads: quoting, verify: () => true }, 'foreignHashes.reads'],
      [{ reads: () => 1 as never, verify: () => true }, 'foreignHashes.reads'],
      [{ reads: () => true, verify: quoting }, 'foreignHashes.verify'],
      [{ reads: () => true, verify: () => 'yes' as never }, 'foreignHashes.verify'],
    ] as const) {
      const broken = createPasswordHasher({ cost: 4, concurrency: 1, maxQueue: 1, foreign });
      for (const way of ['verify', 'compare'] as const) {
        const error = await rejection(broken[way](password, madeByDjango.pbkdf2));
        expect(error).to.include({ code: 'HOOK_FAILED', hook });
        expect(inspect(error, { depth: 9 }))
          .not.to.contain(password)
          .and.not.contain('aVerySalty');
      }
    }
  });

  it('are read at once: a promise is no answer, and where it is rejected not the end of the process', async () => {
    const reads = () => Promise.reject(new Error('the host is broken')) as never;
    const unhandled = await unhandledIn(() => {
      expect(() => isForeignHash({ reads, verify: () => true }, madeByDjango.pbkdf2)).to.throw(
        'neither true nor',
      );
    });
    expect(unhandled).to.deep.equal([]);
  });
});
