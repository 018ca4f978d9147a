import { expect } from 'chai';
import { defaultBrand } from '../../src/brand.js';
import type { Letter } from '../../src/mail/letter.js';
import { letterAsText, supportName, textSayer } from '../../src/mail/letter-as-text.js';
import { type ChosenWords, chooseWords } from '../../src/words/choose-words.js';

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
      .to.match(/Why\.\n\nQuestions\?[^\n]*:\nhelp@example\.com\n\n-- \nBrand\n$/)
      .and.not.contain('mailto:');
  });
});

describe('the link to help as text', () => {
  const supportUrl = 'https://example.com/help/';
  const write = (chosen: ChosenWords) => {
    const letter = { preheader: '', title: '', greeting: 'A', text: '', why: '' };
    return letterAsText(letter, chosen, { ...defaultBrand, supportUrl });
  };

  for (const language of ['ar', 'de', 'en', 'es', 'fr', 'ja', 'pt']) {
    it(`stands on a line of its own, and nothing that a client would take for a part of it: ${language}`, () => {
      expect(write(chooseWords(language))).to.match(/\n\n[^\n]*\S\nhttps:\/\/example\.com\/help\/\n\n-- \n/);
    });
  }

  it('does so within a sentence of the host', () => {
    const host = chooseWords('en');
    const words = { ...host.words, 'mail.support': 'Write to {support} with questions.' };
    expect(write({ ...host, words })).to.contain(`Write to\n${supportUrl}\nwith questions.\n\n`);
  });
});

describe('supportName', () => {
  it('is the address of a mail, and the whole of a page', () => {
    expect(supportName('mailto:help@example.com')).to.equal('help@example.com');
    expect(supportName('mailto:help%2Bus@example.com?subject=Sign%20up')).to.equal('help+us@example.com');
    expect(supportName('https://example.com/mailto:help')).to.equal('https://example.com/mailto:help');
  });
});
