import { expect } from 'chai';
import { composeEmail } from '../../src/relay/compose-email.js';
import { tokenValue } from '../../src/verification/token-value.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { testSecret } from '../fluentmeet/test-instance.js';
import { claimedEmail } from '../outbox/claimed-email.js';

describe('composeEmail', () => {
  const { config } = createFakeContext();

  it('builds exactly the message, the key and the headers of the contract', () => {
    const email = claimedEmail();
    const composed = composeEmail(config, email);
    const token = tokenValue(testSecret, email.verification_token_id!);
    expect(composed).to.deep.equal({
      action: 'publish',
      email,
      outgoing: {
        key: '42',
        value: {
          to: 'ada@example.com',
          subject: 'Verify your FluentMeet account',
          template: 'verification',
          data: {
            full_name: 'Ada Lovelace',
            verification_link: `https://app.example.com/api/v1/auth/verify-email?token=${token}`,
          },
        },
        headers: {
          'event-id': email.event_id,
          'event-type': 'email.verification',
          'content-type': 'application/json',
          'schema-version': '1',
          language: 'fr',
        },
      },
    });
  });

  it('says null where there is no name, and never leaves it out', () => {
    const composed = composeEmail(config, claimedEmail({ full_name: null }));
    expect(composed.action === 'publish' && composed.outgoing.value.data).to.have.property('full_name', null);
  });

  it("adds the token to a page's own query", () => {
    const own = createFakeContext({ verificationUrl: 'https://www.example.com/verify?lang=fr' }).config;
    const composed = composeEmail(own, claimedEmail());
    expect(composed.action === 'publish' && composed.outgoing.value.data.verification_link).to.match(
      /^https:\/\/www\.example\.com\/verify\?lang=fr&token=[0-9a-f-]{36}$/,
    );
  });

  it('keys by text also where the host reads bigints as numbers', () => {
    const composed = composeEmail(config, claimedEmail({ user_id: 42 }));
    expect(composed.action === 'publish' && composed.outgoing.key).to.equal('42');
  });

  it('tells the owner of a known address without a link', () => {
    const email = claimedEmail({
      template: 'account-exists',
      verification_token_id: null,
      token_hash: null,
      token_live: null,
      is_verified: true,
    });
    const composed = composeEmail(config, email);
    expect(composed.action === 'publish' && composed.outgoing).to.deep.include({
      value: {
        to: 'ada@example.com',
        subject: 'You already have a FluentMeet account',
        template: 'account-exists',
        data: { full_name: 'Ada Lovelace' },
      },
    });
    expect(composed.action === 'publish' && composed.outgoing.headers['event-type']).to.equal(
      'email.account-exists',
    );
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
    expect(composeEmail(config, claimedEmail({ is_verified: true })).action).to.equal('obsolete');
    expect(composeEmail(config, claimedEmail({ is_gone: true })).action).to.equal('obsolete');
    expect(composeEmail(config, claimedEmail({ is_gone: true, template: 'account-exists' })).action).to.equal(
      'obsolete',
    );
    expect(composeEmail(config, claimedEmail({ is_verified: true, token_live: false })).action).to.equal(
      'obsolete',
    );
  });
});
