import { expect } from 'chai';
import sinon from 'sinon';
import { chooseWords } from '../../src/words/choose-words.js';
import { narrowTags } from '../../src/words/narrow-tags.js';
import { builtInWords } from '../../src/words/words.js';

const ours = Object.keys(builtInWords);

describe('narrowTags', () => {
  const narrow = (tags: string, available = ours) => narrowTags(tags.split(' '), available).join(' ');

  it('leaves the language, and its script where that is another than usual', () => {
    expect(narrow('de-CH-1996')).to.equal('de');
    expect(narrow('EN-us-u-ca-buddhist-x-y')).to.equal('en');
    expect(narrow('ja-latn-hepburn arz-EG gsw')).to.equal('ja-Latn arz gsw');
  });

  it('leaves a region where regions are told apart, or by the script that it is written in', () => {
    expect(narrow('pt-ao', [...ours, 'pt-PT'])).to.equal('pt-AO');
    expect(narrow('zh-tw', [...ours, 'zh-Hant'])).to.equal('zh-Hant');
    expect(narrow('zh-CN', [...ours, 'zh-Hant'])).to.equal('zh');
    expect(narrow('sr-ME', [...ours, 'sr'])).to.equal('sr-Latn');
  });

  it('leaves the script that a region would else deny, and no region that nothing is written for', () => {
    const regions = [...ours, 'zh-CN', 'zh-TW', 'sr-RS', 'sr-ME'];
    expect(narrow('zh-Hans-HK zh-Hant-HK zh-MO', regions)).to.equal('zh-Hans-HK zh-HK zh-MO');
    expect(narrow('sr-Cyrl-ME sr-Latn-ME', regions)).to.equal('sr-Cyrl-ME sr-ME');
    expect(narrow('zh-Hans-HK zh-HK sr-ME', [...ours, 'zh-TW', 'sr-RS'])).to.equal('zh zh-HK sr-Latn');
  });

  it('keeps what is available as it stands, and asks for nothing after it', () => {
    expect(narrow('vo CA-Valencia fr', [...ours, 'ca-valencia'])).to.equal('vo ca-valencia');
    expect(narrow('tr pt-BR ja')).to.equal('tr pt');
  });

  it('leaves out what is no tag, a language without a name, and a script that nothing is written in', () => {
    for (const tag of [
      '',
      '*',
      'e',
      'en_US',
      'en-',
      '<b>',
      'english',
      'xbz',
      'tr-Cher',
      `vo-${'x-'.repeat(60)}x`,
    ]) {
      expect(narrow(tag), tag).to.equal('');
    }
  });

  it('hands on a region for each script alone that there are words in, where regions are told apart', () => {
    const regions = [...ours, 'zh-CN', 'zh-TW', 'zh-HK'];
    const letter = (of: number) => String.fromCharCode(65 + of);
    const pairs = Array.from({ length: 676 }, (_, at) => letter(Math.floor(at / 26)) + letter(at % 26));
    const scripts = ['', '-Hans', '-Hant', '-Latn', '-Cyrl', '-Arab', '-Qqqq', '-Zzzz', '-Abcd'];
    const out = new Set(
      pairs.flatMap((region) => scripts.flatMap((one) => narrow(`zh${one}-${region}-x-y`, regions))),
    );
    // Some 290 regions have a name; each is usual for one of the two scripts, and says the other.
    expect(out.size).to.be.greaterThan(500).and.lessThan(700);
    expect([...out].filter((tag) => !/^zh(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/.test(tag))).to.deep.equal([]);
  });

  it('hands on some few of the tags that clients make up, and keeps nothing of the others', () => {
    const letters = (count: number, of: number) =>
      count
        .toString(26)
        .padStart(of, '0')
        .replace(/./g, (digit) => String.fromCharCode(97 + parseInt(digit, 26)));
    const fresh = (make: (count: number) => string) =>
      Array.from({ length: 20_000 }, (_, count) => make(count));
    const made = [
      fresh((count) => `xbz-a${1_000_000 + count}`),
      fresh((count) => `de-a${1_000_000 + count}`),
      fresh((count) => `en-u-ca-${letters(count, 8)}`),
      fresh((count) => `pt-${letters(count * 22, 4)}`),
      fresh((count) => `gsw-${letters(count * 22, 4)}-${letters(count % 676, 2)}`),
      fresh((count) => `${letters(count % 17_576, 3)}-${letters(count % 676, 2)}`),
      fresh((count) => letters(count * 9_999_999, 8)),
    ];
    const canonicalise = sinon.spy(Intl, 'getCanonicalLocales');
    const locale = sinon.spy(Intl, 'Locale');
    try {
      for (const tags of made) {
        for (let at = 0; at < tags.length; at += 20) chooseWords(tags.slice(at, at + 20));
      }
      const handedOn = new Set(canonicalise.args.flat(2));
      // Languages with a name in the scripts of ours, and ours in every script.
      expect(handedOn.size).to.be.greaterThan(500).and.lessThan(3_000);
      expect([...handedOn].filter((tag) => !/^[a-z]{2,3}(-[A-Z][a-z]{3})?$/.test(String(tag)))).to.deep.equal(
        [],
      );
      // What Intl takes long for, and the matcher keeps.
      expect(new Set(locale.args.map(([tag]) => String(tag))).size).to.be.lessThan(5_000);
    } finally {
      sinon.restore();
    }
  });
});
