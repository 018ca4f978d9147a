import { expect } from 'chai';
import { renderEmail, type RenderOptions } from '../../src/mail/render-email.js';
import type { EmailMessage } from '../../src/outbox/publisher.js';

const link = 'https://app.example.com/api/v1/auth/verify-email?token=0f8fad5b-d9cb-469f-a165-70867728950e';

const verification: EmailMessage = {
  to: 'ada@example.com',
  subject: 'Verify your FluentMeet account',
  template: 'verification',
  data: { full_name: 'Ada Lovelace', verification_link: link },
};

const now = new Date('2026-03-14T14:05:00Z');
const expiresAt = '2026-03-15T14:05:00.000Z';

const render = (options: Partial<RenderOptions> = {}, message = verification) =>
  renderEmail(message, { language: 'en', now, expiresAt, ...options });

describe('renderEmail', () => {
  it('says what to do, until when, who sent it and why, in text and in HTML', () => {
    const { subject, text, html, language, dir } = render();
    expect({ subject, language, dir }).to.deep.equal({
      subject: 'Verify your FluentMeet account',
      language: 'en',
      dir: 'ltr',
    });
    expect(text).to.contain('Hello Ada Lovelace,').and.contain(`:\n${link}\n`);
    for (const part of [text, html]) {
      expect(part).to.contain('until tomorrow, 14:05 UTC (March 15)').and.contain(link);
      expect(part).to.match(/If it was not you/);
    }
  });
});
