import { expect } from 'chai';
import { HtmlValidate } from 'html-validate';
import { renderEmail, type RenderOptions } from '../../src/mail/render-email.js';
import type { EmailMessage } from '../../src/outbox/publisher.js';
import { templateNames } from '../../src/outbox/templates.js';
import { sampleEmail } from '../../src/outbox/sample-email.js';
import { builtInWords } from '../../src/words/words.js';

const link = 'https://app.example.com/api/v1/auth/verify-email?token=0f8fad5b-d9cb-469f-a165-70867728950e';

const verificationTo = (full_name: string | null, verification_link = link): EmailMessage => ({
  to: 'ada@example.com',
  subject: 'Verify your FluentMeet account',
  template: 'verification',
  data: { full_name, verification_link },
});

const now = new Date('2026-03-14T14:05:00Z');
const expiresAt = '2026-03-15T14:05:00.000Z';

const brand = {
  name: 'Acme <Meet> & Co',
  colour: '#0a7',
  logo: 'https://cdn.example.com/logo.png?a=1&b=2',
  supportUrl: 'mailto:help@example.com',
  loginUrl: 'https://app.example.com/login',
};

const render = (options: Partial<RenderOptions> = {}, message = verificationTo('Ada Lovelace')) =>
  renderEmail(message, { language: 'en', now, expiresAt, ...options });

/** Every mail there is: each template in each language. */
const everyMail = Object.keys(builtInWords).flatMap((language) =>
  templateNames.map((template) => ({ language, template })),
);

/** Every link of the HTML. */
const linksIn = (html: string): string[] =>
  [...html.matchAll(/<a[^>]* href="([^"]*)"/g)].map(([, href = '']) => href);

describe('renderEmail', () => {
  it('says what to do, until when, who sent it and why, in text and in HTML', () => {
    const { subject, text, html, language, dir } = render();
    expect({ subject, language, dir }).to.deep.equal({
      subject: 'Verify your FluentMeet account',
      language: 'en',
      dir: 'ltr',
    });
    expect(text).to.contain('Hello Ada Lovelace,').and.contain(`\n${link}\n`);
    for (const part of [text, html]) {
      expect(part).to.contain('until tomorrow, 14:05 UTC (March 15)').and.contain(link);
      expect(part).to.match(/If it was not you/);
    }
    expect(html.match(/class="button-link"/g)).to.have.length(1);
    expect(linksIn(html)).to.deep.equal([link, link]);
  });

  it('says when the link ends in the words of each language', () => {
    const until = (language: string, at = expiresAt): string =>
      render({ language, expiresAt: at })
        .text.split('\n')
        .find((line) => /14:05/.test(line)) ?? '';
    expect(Object.keys(builtInWords).map((language) => until(language))).to.deep.equal([
      'The link works until tomorrow, 14:05 UTC (March 15).',
      'Der Link ist bis morgen, 14:05 Uhr UTC (15. März) gültig.',
      'El enlace es válido hasta mañana a las 14:05 UTC (15 de marzo).',
      'Le lien est valable jusqu’à demain, 14:05 UTC (15 mars).',
      'O link é válido até amanhã às 14:05 UTC (15 de março).',
      'الرابط صالح حتى غدًا، الساعة 14:05 بتوقيت UTC (15 مارس).',
      'このリンクは明日 14:05（UTC、3月15日）まで有効です。',
    ]);
    expect(until('en', '2026-03-17T14:05:00Z')).to.equal('The link works until March 17, 2026, 14:05 UTC.');
    expect(until('ja', '2026-03-17T14:05:00Z')).to.equal(
      'このリンクは2026年3月17日 14:05（UTC）まで有効です。',
    );
  });

  it('names an internationalised address in its own letters', () => {
    for (const template of templateNames) {
      const { value } = sampleEmail({ template, language: 'en', to: 'ada@xn--mnchen-3ya.example' });
      const { text, html } = render({}, value);
      for (const part of [text, html]) {
        expect(part, template).to.contain('ada@münchen.example').and.not.contain('xn--');
      }
    }
  });

  it('leaves the end out where none is known', () => {
    for (const at of [undefined, 'soon'])
      expect(render({ expiresAt: at }).text).not.to.match(/works|Invalid/);
  });

  it('finds the nearest language, and goes from right to left where it does', () => {
    const found = (language: string) => render({ language }).language;
    expect(['fr-CA', 'pt-BR', 'gsw', 'ar-EG', 'ja-JP', 'sw', 'en_US'].map(found)).to.deep.equal([
      'fr',
      'pt',
      'de',
      'ar',
      'ja',
      'en',
      'en',
    ]);
    const arabic = render({ language: 'ar-EG' });
    expect(arabic.dir).to.equal('rtl');
    expect(arabic.html).to.contain('<html lang="ar" dir="rtl">');
  });

  it('is valid HTML under 20 kB that loads nothing, in every language', async () => {
    const validator = new HtmlValidate({
      extends: ['html-validate:standard', 'html-validate:a11y'],
      rules: { 'no-unknown-elements': 'error', 'no-dup-id': 'error' },
    });
    for (const { language, template } of everyMail) {
      const { value } = sampleEmail({ template, language, full_name: '"<b>&\'Ω'.repeat(30) });
      for (const options of [{}, { brand }]) {
        const { html } = render({ language, ...options }, value);
        const report = await validator.validateString(html);
        const faults = report.results.flatMap(({ messages }) => messages);
        expect(faults, `${language} ${template}`).to.deep.equal([]);
        expect(Buffer.byteLength(html)).to.be.below(20_000);
        expect(html).not.to.match(/<script|<link|<iframe|@import|url\(/i);
        expect(html.match(/<img/g)?.length ?? 0).to.equal('brand' in options ? 1 : 0);
      }
    }
  });

  it('stays under 20 kB with the longest of everything', () => {
    const long: EmailMessage = {
      ...verificationTo('é<&"'.repeat(60), `https://example.com/${'%C3%A9'.repeat(300)}?token=1`),
      to: `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.com`,
    };
    const longest = { ...brand, name: '<'.repeat(60) };
    for (const language of ['ar', 'ja']) {
      expect(Buffer.byteLength(render({ language, brand: longest }, long).html)).to.be.below(20_000);
    }
  });

  it('has sixty letters of a name at most, never as a link, and isolated from the text around it', () => {
    expect(render({}, verificationTo('x'.repeat(200))).text).to.contain(`Hello ${'x'.repeat(60)}…,`);
    for (const name of ['Win at evil.com', 'evil。com', 'Call 0800 123456', 'me@evil', 'Ada\r\nBcc: x@y.z']) {
      const { text, html } = render({}, verificationTo(name));
      expect(text, name).to.contain('Hello,\n');
      expect(text + html, name).not.to.match(/evil|123456|Bcc/);
    }
    const { html } = render({}, verificationTo('<a href="//x">Ada</a>'));
    expect(linksIn(html)).to.deep.equal([link, link]);
    expect(render({}, verificationTo('محمد')).text).to.contain('Hello \u2068محمد\u2069,');
    expect(render({}, verificationTo('محمد')).html).to.contain('Hello <bdi>محمد</bdi>,');
    expect(render({ language: 'ar' }).text).to.contain('\u2068Ada Lovelace\u2069');
  });

  it('has no link of another scheme, whoever wrote the message', () => {
    for (const evil of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'nonsense', '']) {
      expect(() => render({}, verificationTo('Ada', evil)), evil).to.throw(TypeError);
    }
    const { html } = render({}, verificationTo('Ada', "https://example.com/?a=\"><b>&c='d'"));
    expect(html).not.to.contain('"><b>');
  });

  it("bears the host's name, colour, logo and support, and nobody else's", () => {
    const { subject, text, html } = render({ brand }, sampleEmail({ template: 'account-exists' }).value);
    expect(subject).to.equal('You already have an account with Acme <Meet> & Co');
    expect(html).to.contain('Acme &lt;Meet&gt; &amp; Co').and.contain('background-color:#00aa77');
    expect(html).to.contain('src="https://cdn.example.com/logo.png?a=1&amp;b=2"');
    expect(text).to.contain('help@example.com').and.contain('https://app.example.com/login');
    expect(subject + text + html).not.to.contain('FluentMeet');
    // A logo by http would warn in some clients, and a mail without a page to log in has no button.
    expect(render({ brand: { logo: 'http://example.com/logo.png' } }).html).not.to.contain('<img');
    expect(linksIn(render({}, sampleEmail({ template: 'account-exists' }).value).html)).to.deep.equal([]);
  });

  it("says a host's sentences in the place of ours, and speaks a language that it adds", () => {
    const words = {
      en: { 'mail.verification.button': 'Yes, <that> is me' },
      it: { 'mail.hello.name': 'Ciao {name},', 'mail.verification.subject': 'Conferma {brand}' },
      he: { 'mail.hello': 'שלום,' },
    };
    expect(render({ words }).html).to.contain('Yes, &lt;that&gt; is me');
    const italian = render({ words, language: 'it-CH' });
    expect(italian).to.include({ language: 'it', dir: 'ltr', subject: 'Conferma FluentMeet' });
    expect(italian.text).to.contain('Ciao Ada Lovelace,').and.contain('domani');
    expect(render({ words, language: 'he' }).dir).to.equal('rtl');
  });
});
