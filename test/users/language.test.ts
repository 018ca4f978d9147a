import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import fc from 'fast-check';
import { faultMessages } from '../../src/faults.js';
import { canonicalLanguageTag, languageChoices } from '../../src/users/language.js';

describe('canonicalLanguageTag', () => {
  const accepted: [string, string][] = [
    ['en', 'en'],
    ['EN', 'en'],
    ['EN-us', 'en-US'],
    ['fr-CA', 'fr-CA'],
    ['zh-Hant-TW', 'zh-Hant-TW'],
    ['zh-hANT-tw', 'zh-Hant-TW'],
    ['es-419', 'es-419'],
    ['sr-Latn', 'sr-Latn'],
    ['en-Latn', 'en-Latn'],
    ['en-001', 'en-001'],
    ['haw', 'haw'],
    ['yue', 'yue'],
    ['de-CH-1996', 'de-CH-1996'],
    ['de-1901', 'de-1901'],
    ['sl-rozaj-biske-1994', 'sl-1994-biske-rozaj'],
    ['ca-valencia', 'ca-valencia'],
    // Canonicalised away
    ['eng', 'en'],
    ['cmn', 'zh'],
    ['iw', 'he'],
    ['in', 'id'],
    ['tl', 'fil'],
    ['my-BU', 'my-MM'],
    ['sgn-BR', 'bzs'],
    // Extended language subtags, which Intl does not know
    ['zh-yue', 'yue'],
    ['ZH-YUE-hk', 'yue-HK'],
    ['zh-cmn-Hans-CN', 'zh-Hans-CN'],
    ['sgn-ase', 'ase'],
    // Grandfathered
    ['i-klingon', 'tlh'],
    ['en-GB-oed', 'en-GB-oxendict'],
    ['art-lojban', 'jbo'],
    ['zh-min-nan', 'nan'],
    ['no-bok', 'nb'],
    // Valid by the RFC, if odd
    ['en-rozaj', 'en-rozaj'],
    ['mn-Zanb', 'mn-Zanb'],
    // Two letters, which V8 does not look at
    ['bh', 'bho'],
    ['BH', 'bho'],
    ['bH-Deva', 'bho-Deva'],
    ['tw', 'ak'],
    ['TW', 'ak'],
    ['tw-GH', 'ak-GH'],
    ['bih', 'bho'],
    // White space around it
    [' en', 'en'],
    ['en\n', 'en'],
    ['\t\u00a0\u2003EN-us\u3000\u0085', 'en-US'],
    ['\ufefffr', 'fr'],
  ];
  for (const [text, tag] of accepted) {
    it(`takes ${text} as ${tag}`, () => expect(canonicalLanguageTag(text)).to.deep.equal({ ok: true, tag }));
  }

  const refused = [
    // From the contract
    'xx',
    'zz',
    'qaa',
    'und',
    'en-ZZ',
    'en_US',
    'english',
    'x-foo',
    'en-x-foo',
    'en-u-hc-h12',
    'en-t-fr',
    // Form

    '',
    ' ',
    'en US',
    'en\u200b',
    '\u200een',
    'e',
    'en-',
    '-en',
    'en--US',
    'en-US-',
    'en,fr',
    'en;q=1',
    '*',
    'en-*',
    'en-a',

    'en.UTF-8',
    'C',
    'root',
    'abcd',
    'en-US-US',
    'en-Latn-Cyrl',
    'de-1996-1996',
    'en-\u017fg',
    'ｅｎ',
    'fr\0',
    '\ud800',
    // Private use
    'qtz',
    'en-Qaaa',
    'en-Qabx',
    'en-QM',
    'en-QZ',
    'en-XA',
    'en-XK',
    'en-AA',
    'qaa..qtz',
    'en-Qaai',
    'en-QU',
    'en-qu-rozaj',
    'en-967',
    'QAA-Latn',
    'en-QM..QZ',
    // Special
    'mul',
    'mis',
    'zxx',
    'und-Latn',
    'mul-US',
    // Collections, which nobody speaks
    'art',
    'ART',
    'art-Latn',
    'sla',
    'ine',
    'cel',
    'sgn',
    // Scripts that nobody writes
    'en-Zzzz',
    'en-ZZZZ-US',
    'zzzz',
    'en-Zxxx',
    'en-Zyyy',
    'en-Zinh',
    'en-Zsym',
    'en-Zsye',
    'en-Zmth',
    // Not registered

    'xxx',
    'en-Abcd',
    'en-EN',
    'en-UK-foo',
    'en-000',
    'en-foobar',
    'en-US-posix',
    'en-1234',
    'zh-abc',
    'fr-yue',
    // Grandfathered with no successor
    'i-default',
    'i-enochian',
    'i-mingo',
    'zh-min',
    'i-foo',
    // Length
    `en-${'biske-'.repeat(6)}rozaj`,
    'a'.repeat(1_000_000),
    'constructor',
    '__proto__',
  ];
  for (const text of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 50))}`, () => {
      const result = canonicalLanguageTag(text);
      expect(result.ok).to.equal(false);
      if (!result.ok) expect(faultMessages).to.have.property(result.fault);
    });
  }

  it('takes 35 characters, not 36', () => {
    const of35 = 'sl-Latn-IT-rozaj-biske-1994-akuapem';
    expect(of35).to.have.length(35);
    expect(canonicalLanguageTag(of35).ok).to.equal(true);
    expect(canonicalLanguageTag(of35.replace('akuapem', 'alalc97x'))).to.have.property('ok', false);
    expect(canonicalLanguageTag('sl-Latn-IT-rozaj-biske-1994-arevelax')).to.have.property('ok', false);
    expect(canonicalLanguageTag('sl-Latn-IT-rozaj-biske-1994-basiceng')).to.have.property('ok', false);
  });

  it('has one form for every subtag of the registry, in any letter case and place', () => {
    const require = createRequire(import.meta.url);
    const path = require.resolve('language-subtag-registry/data/json/registry.json');
    const registry = JSON.parse(readFileSync(path, 'utf8')) as {
      Type: string;
      Subtag?: string;
      Tag?: string;
    }[];
    const places: Record<string, (subtag: string) => string[]> = {
      language: (subtag) => [subtag, `${subtag}-Latn`, `${subtag}-US`, `${subtag}-cyrl-rs-rozaj`],
      extlang: (subtag) => [subtag, `zh-${subtag}`, `sgn-${subtag}-US`],
      script: (subtag) => [`en-${subtag}`, `tw-${subtag}-GH`],
      region: (subtag) => [`en-${subtag}`, `bh-Deva-${subtag}`],
      variant: (subtag) => [`sl-${subtag}`, `sl-Latn-SI-${subtag}`],
    };
    let taken = 0;
    for (const { Type: type, Subtag: subtag, Tag: whole } of registry) {
      for (const tag of places[type]?.(subtag ?? '') ?? [whole ?? '']) {
        const result = canonicalLanguageTag(tag);
        const capitalised = tag.replace(/[a-z]/i, (letter) => letter.toUpperCase());
        for (const form of [tag.toLowerCase(), tag.toUpperCase(), capitalised, ` ${tag}\n`]) {
          expect(canonicalLanguageTag(form), form).to.deep.equal(result);
        }
        if (!result.ok) continue;
        taken += 1;
        expect(canonicalLanguageTag(result.tag), tag).to.deep.equal(result);
        expect(canonicalLanguageTag(result.tag.toLowerCase()), tag).to.deep.equal(result);
      }
    }
    expect(taken).to.be.greaterThan(30_000);
  });

  it('gives what it accepts a form that is stable and within 35 characters', () => {
    const subtag = fc.oneof(
      fc.constantFrom(
        'en',
        'zh',
        'iw',
        'sgn',
        'yue',
        'cmn',
        'Latn',
        'hant',
        'US',
        '419',
        'BU',
        'ZZ',
        '1996',
        'rozaj',
      ),
      fc.stringMatching(/^[A-Za-z]{2,4}$/),
      fc.stringMatching(/^[0-9A-Za-z]{1,8}$/),
    );
    fc.assert(
      fc.property(fc.array(subtag, { minLength: 1, maxLength: 5 }), (subtags) => {
        const result = canonicalLanguageTag(subtags.join('-'));
        if (!result.ok) return;
        expect(canonicalLanguageTag(result.tag)).to.deep.equal(result);
        expect(canonicalLanguageTag(result.tag.toUpperCase())).to.deep.equal(result);
        expect(result.tag).to.match(/^[A-Za-z0-9-]{2,35}$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('languageChoices', () => {
  it('offers canonical languages once each, sorted by their English names', () => {
    const choices = languageChoices();
    expect(choices.length).to.be.within(150, 190);
    expect(new Set(choices.map(({ tag }) => tag)).size).to.equal(choices.length);
    expect(new Set(choices.map(({ name }) => name)).size).to.equal(choices.length);
    for (const { tag } of choices) expect(canonicalLanguageTag(tag)).to.deep.equal({ ok: true, tag });
    const names = choices.map(({ name }) => name);
    expect(names).to.deep.equal(names.toSorted((one, other) => one.localeCompare(other, 'en')));
  });

  it('knows the usual ones, under the code that is stored, and leaves out the ancient', () => {
    const choices = languageChoices();
    for (const choice of [
      { tag: 'fr', name: 'French' },
      { tag: 'he', name: 'Hebrew' },
      { tag: 'fil', name: 'Filipino' },
      { tag: 'zh', name: 'Chinese' },
    ]) {
      expect(choices).to.deep.include(choice);
    }
    const tags = choices.map(({ tag }) => tag);
    for (const absent of ['la', 'cu', 'iw', 'tl', 'sr-Latn', 'bh', 'und'])
      expect(tags).not.to.include(absent);
  });
});
