import { expect } from 'chai';
import { composeEmail } from '../../src/relay/compose-batch.js';
import { tokenValue } from '../../src/verification/token-value.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { linkOf, testSecret } from '../fluentmeet/test-instance.js';
import { claimedEmail } from '../outbox/claimed-email.js';

describe('composeEmail', () => {
  const { config } = createFakeContext();

  it('hands the message its link, derived from the id of its token, and when that ends', () => {
    const email = claimedEmail();
    const composed = composeEmail(config, email);
    if (composed.action !== 'publish') throw new Error(composed.action);
    expect(composed.email).to.equal(email);
    const token = tokenValue(testSecret, email.verification_token_id!);
    expect(linkOf(composed.outgoing)).to.equal(
      `https://app.example.com/api/v1/auth/verify-email?token=${token}`,
    );
    expect(composed.outgoing.headers).to.include({ 'expires-at': '2026-03-15T12:00:00.000Z' });
    expect(composed.outgoing.value.subject).to.equal('Verify your FluentMeet account');
  });

  it("adds the token to a page's own query", () => {
    const own = createFakeContext({ verificationUrl: 'https://www.example.com/verify?lang=fr' }).config;
    const composed = composeEmail(own, claimedEmail());
    expect(composed.action === 'publish' && linkOf(composed.outgoing)).to.match(
      /^https:\/\/www\.example\.com\/verify\?lang=fr&token=[0-9a-f-]{36}$/,
    );
  });

  it('tells the owner of a known address without a link, verified or not', () => {
    const email = claimedEmail({
      template: 'account-exists',
      verification_token_id: null,
      token_hash: null,
      token_live: null,
      is_verified: true,
    });
    const composed = composeEmail(config, email);
    expect(composed.action === 'publish' && composed.outgoing.value.data).to.deep.equal({
      full_name: 'Ada Lovelace',
    });
  });

  const reissued: [string, Parameters<typeof claimedEmail>[0]][] = [
    ['expired', { token_live: false }],
    ['was made with another secret', { token_hash: Buffer.alloc(32) }],
    ['is gone', { token_hash: null, token_live: null }],
    ['was never made', { verification_token_id: null, token_hash: null, token_live: null }],
  ];
  for (const [what, fields] of reissued) {
    it(`wants a fresh link where the token ${what}: no dead link is ever sent`, () => {
      expect(composeEmail(config, claimedEmail(fields)).action).to.equal('reissue');
    });
  }

  it('wants no email any more for who is verified, deleted or inactive', () => {
    const actionOf = (fields: Parameters<typeof claimedEmail>[0]) =>
      composeEmail(config, claimedEmail(fields)).action;
    expect(actionOf({ is_verified: true })).to.equal('obsolete');
    expect(actionOf({ is_gone: true })).to.equal('obsolete');
    expect(actionOf({ is_gone: true, template: 'account-exists' })).to.equal('obsolete');
    expect(actionOf({ is_gone: true, template: 'of-a-newer-version' })).to.equal('obsolete');
    expect(actionOf({ is_verified: true, token_live: false })).to.equal('obsolete');
  });

  it('knows that it does not know a template, which a newer version wrote', () => {
    for (const template of ['of-a-newer-version', 'toString', '']) {
      expect(composeEmail(config, claimedEmail({ template })).action).to.equal('unknown-template');
    }
  });
});
