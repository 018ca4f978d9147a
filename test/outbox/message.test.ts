import { expect } from 'chai';
import { buildMessage } from '../../src/outbox/message.js';
import { claimedEmail } from './claimed-email.js';

describe('buildMessage', () => {
  const link = {
    url: 'https://app.example.com/api/v1/auth/verify-email?token=t',
    expiresAt: new Date('2026-03-15T12:00:00.000Z'),
  };

  it('builds exactly the message, the key and the headers of the contract', () => {
    const email = claimedEmail();
    const message = buildMessage({ ...email, template: 'verification' }, 'FluentMeet', link);
    expect(message.headers).to.deep.equal({
      'event-id': email.event_id,
      'event-type': 'email.verification',
      'content-type': 'application/json',
      'schema-version': '1',
      language: 'fr',
      'created-at': '2026-03-14T12:00:00.000Z',
      'expires-at': '2026-03-15T12:00:00.000Z',
    });
    expect(message.key).to.equal('42');
    // As text: the order of the keys is the contract's too.
    expect(JSON.stringify(message.value)).to.equal(
      '{"to":"ada@example.com","subject":"Verify your FluentMeet account","template":"verification",' +
        `"data":{"full_name":"Ada Lovelace","verification_link":"${link.url}"}}`,
    );
  });

  it('says null where there is no name, and never leaves it out', () => {
    const email = claimedEmail({ full_name: null });
    const { value } = buildMessage({ ...email, template: 'verification' }, 'FluentMeet', link);
    expect(value.data).to.have.property('full_name', null);
  });

  it('tells the owner of a known address their name alone, with no end of a link', () => {
    const { value, headers } = buildMessage(
      { ...claimedEmail(), template: 'account-exists' },
      'Example & Sons',
    );
    expect(value).to.deep.equal({
      to: 'ada@example.com',
      subject: 'You already have an account with Example & Sons',
      template: 'account-exists',
      data: { full_name: 'Ada Lovelace' },
    });
    expect(headers).to.include({ 'event-type': 'email.account-exists' }).and.not.have.property('expires-at');
  });

  it('narrows by its template', () => {
    const { value } = buildMessage({ ...claimedEmail(), template: 'verification' }, 'FluentMeet', link);
    if (value.template === 'verification') expect(value.data.verification_link).to.equal(link.url);
    else expect(value.data).to.have.keys('full_name');
  });
});
