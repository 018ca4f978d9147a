import { expect } from 'chai';
import { defaultBrand } from '../../src/brand.js';
import type { Letter } from '../../src/mail/letter.js';
import { letterAsText, supportName, textSayer } from '../../src/mail/letter-as-text.js';
import { chooseWords } from '../../src/words/choose-words.js';

const words = (hello: string) => ({
  ...chooseWords('en'),
  words: { ...chooseWords('en').words, 'mail.hello.name': hello },
});

describe('textSayer', () => {
  const say = (name: string, dir: 'ltr' | 'rtl' = 'ltr') =>
    textSayer({ ...words('Hello {name}!'), dir })('mail.hello.name', { name });

  it('says a value in the direction of the sentence as it is', () => {
    for (const name of ['Ada', 'Дмитрий', '山田']) expect(say(name)).to.equal(`Hello ${name}!`);
  });

  it('isolates a value in another direction: it would turn round what stands beside it', () => {
    for (const name of ['ליאור', 'سارة', 'Ada سارة', 'ܐܒܐ'])
      expect(say(name), name).to.equal(`Hello \u2068${name}\u2069!`);
  });

  it('isolates every value in a sentence from right to left', () => {
    expect(say('Ada', 'rtl')).to.equal('Hello \u2068Ada\u2069!');
  });
});

describe('letterAsText', () => {
  const letter = { preheader: '', title: '', greeting: 'Hello,', text: 'Text.', why: 'Why.' };
  const write = (more: Partial<Letter<string>> = {}, brand = {}) =>
    letterAsText({ ...letter, ...more }, chooseWords('en'), {
      ...defaultBrand,
      name: 'Brand',
      ...brand,
    });

  it('writes a paragraph a sentence, and nothing where there is none', () => {
    expect(write()).to.equal('Hello,\n\nText.\n\nWhy.\n\n-- \nBrand\n');
  });

  it('writes the link on a line of its own, and until when it works', () => {
    const action = { label: 'Verify:', url: 'https://example.com/?token=x' };
    expect(write({ action, until: 'Until then.' })).to.equal(
      'Hello,\n\nText.\n\nVerify:\nhttps://example.com/?token=x\n\nUntil then.\n\nWhy.\n\n-- \nBrand\n',
    );
  });

  it('says where there is help, before the signature', () => {
    const text = write({}, { supportUrl: 'mailto:help@example.com' });
    expect(text)
      .to.match(/Why\.\n\n[^\n]*help@example\.com[^\n]*\n\n-- \nBrand\n$/)
      .and.not.contain('mailto:');
  });
});

describe('letterAsText from right to left', () => {
  it('isolates the link to help: its full stops and slashes would stand at the other end', () => {
    const letter = { preheader: '', title: '', greeting: 'أهلا', text: '', why: '' };
    const supportUrl = 'https://example.com/help/';
    const text = letterAsText(letter, chooseWords('ar'), { ...defaultBrand, supportUrl });
    expect(text).to.contain(`\u2068${supportUrl}\u2069`);
  });
});

describe('supportName', () => {
  it('is the address of a mail, and the whole of a page', () => {
    expect(supportName('mailto:help@example.com')).to.equal('help@example.com');
    expect(supportName('mailto:help%2Bus@example.com?subject=Sign%20up')).to.equal('help+us@example.com');
    expect(supportName('https://example.com/mailto:help')).to.equal('https://example.com/mailto:help');
  });
});
