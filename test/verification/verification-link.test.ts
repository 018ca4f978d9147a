import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { verificationLink } from '../../src/verification/verification-link.js';
import { hashToken, tokenValue } from '../../src/verification/token-value.js';

const [secret, earlier] = ['the secret of now, with 32 characters', 'the secret before it, 32 characters'];
const config = (verificationUrl = 'https://app.example.com/verify', previousSecrets: string[] = []) =>
  ({ secret, previousSecrets, verificationUrl }) as unknown as Parameters<typeof verificationLink>[0];

describe('verificationLink', () => {
  const id = randomUUID();
  const email = (madeWith = secret) => ({
    verification_token_id: id,
    token_hash: hashToken(tokenValue(madeWith, id)),
    token_live: true,
  });

  it('carries the value made of the id and the secret', () => {
    const value = tokenValue(secret, id);
    expect(verificationLink(config(), email())).to.equal(`https://app.example.com/verify?token=${value}`);
    const page = 'https://app.example.com/?page=verify';
    expect(verificationLink(config(page), email())).to.equal(`${page}&token=${value}`);
  });

  it('is made with an earlier secret where that one issued it', () => {
    const link = verificationLink(config(undefined, [earlier]), email(earlier));
    expect(link).to.include(tokenValue(earlier, id));
    expect(verificationLink(config(), email(earlier))).to.equal(undefined);
  });

  it('is not made of a dead token, nor of none', () => {
    for (const lacking of [
      { token_live: false },
      { token_live: null },
      { token_hash: null },
      { verification_token_id: null },
    ]) {
      expect(verificationLink(config(), { ...email(), ...lacking })).to.equal(undefined);
    }
  });
});
