import { expect } from 'chai';
import type { Challenge } from 'altcha-lib/types';
import sinon from 'sinon';
import { createAltcha } from '../../src/challenge/altcha.js';
import { solved } from './solve-altcha.js';

const secret = 'a secret of the tests, 32 characters or more';
const other = 'another secret of the tests, 32 characters';

describe('ALTCHA', () => {
  afterEach(() => sinon.restore());

  function create({
    lifetime = 60_000,
    ...secrets
  }: { secret?: string; previousSecrets?: string[]; lifetime?: number } = {}) {
    const spend = sinon.stub<[string, string | undefined], Promise<boolean>>().resolves(true);
    const altcha = createAltcha(
      { secret, previousSecrets: [], ...secrets, altcha: { difficulty: 2, lifetime } },
      spend,
    );
    const issue = async () => (await altcha.issue()) as Challenge;
    const check = (altcha_: unknown, idempotencyKey?: string) =>
      altcha.check({
        fields: { altcha: altcha_, email: 'ada@example.com' },
        client: undefined,
        idempotencyKey,
      });
    return { spend, issue, check };
  }

  const changed = (
    payload: string,
    change: (parts: { challenge: Challenge; solution: Record<string, unknown> }) => void,
  ) => {
    const parts = JSON.parse(Buffer.from(payload, 'base64').toString());
    change(parts);
    return Buffer.from(JSON.stringify(parts)).toString('base64');
  };

  it('passes its own challenge once it is solved, and spends it', async () => {
    const { issue, check, spend } = create();
    const challenge = await issue();
    expect(challenge.parameters).to.include({ algorithm: 'PBKDF2/SHA-256', cost: 5000 });
    expect(await check(await solved(challenge))).to.equal(true);
    expect(spend.args).to.deep.equal([[challenge.parameters.nonce, undefined]]);
  });

  it('spends for the signup of a key and an address', async () => {
    const { issue, check, spend } = create();
    const payload = await solved(await issue());
    for (const key of ['a key', 'a key', 'another']) await check(payload, key);
    const [first, second, third] = spend.args.map(([, signup]) => signup);
    expect(first).to.be.a('string').and.equal(second).and.not.equal(third);
    expect(first).not.to.include('key').and.not.include('ada');
  });

  it('says no where it was spent', async () => {
    const { issue, check, spend } = create();
    spend.resolves(false);
    expect(await check(await solved(await issue()))).to.equal(false);
  });

  it('refuses what is missing, nonsense, forged or of another instance, and spends nothing', async () => {
    const { issue, check, spend } = create();
    const payload = await solved(await issue());
    const foreign = await solved(await create({ secret: other }).issue());
    for (const wrong of [
      undefined,
      '',
      'nonsense',
      payload.slice(0, -20),
      'x'.repeat(100_000),
      { challenge: {}, solution: {} },
      Buffer.from('null').toString('base64'),
      Buffer.from('{"challenge":{"parameters":{}},"solution":{}}').toString('base64'),
      foreign,
      changed(payload, ({ solution }) => (solution['derivedKey'] = '00'.repeat(32))),
      changed(payload, ({ solution }) => (solution['derivedKey'] = 'zz')),
      changed(payload, ({ challenge }) => (challenge.parameters.expiresAt = Date.now())),
      changed(payload, ({ challenge }) => (challenge.parameters.nonce = '00'.repeat(16))),
      changed(payload, ({ challenge }) => (challenge.parameters.cost = 1)),
      changed(payload, ({ challenge }) => delete challenge.parameters.keySignature),
      changed(payload, ({ challenge }) => delete challenge.signature),
    ]) {
      expect(await check(wrong), JSON.stringify(wrong)?.slice(0, 80)).to.equal(false);
    }
    expect(spend.args).to.deep.equal([]);
  });

  it('takes those that a previous secret signed', async () => {
    const payload = await solved(await create().issue());
    expect(await create({ secret: other, previousSecrets: [secret] }).check(payload)).to.equal(true);
    expect(await create({ secret: other }).check(payload)).to.equal(false);
  });

  it('takes none after its time', async () => {
    const { issue, check } = create({ lifetime: 60_000 });
    const payload = await solved(await issue());
    const clock = sinon.useFakeTimers({ now: Date.now() + 62_000, toFake: ['Date'] });
    expect(await check(payload)).to.equal(false);
    clock.setSystemTime(Date.now() - 30_000);
    expect(await check(payload)).to.equal(true);
  });
});
