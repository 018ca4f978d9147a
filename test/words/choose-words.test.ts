import { expect } from 'chai';
import { chooseWords, directionOf } from '../../src/words/choose-words.js';
import { builtInWords } from '../../src/words/words.js';

describe('chooseWords', () => {
  const languageFor = (...wanted: string[]) => chooseWords(wanted).language;

  it('finds a language by look-up, whatever region, script or variant it comes with', () => {
    expect(languageFor('fr-CA')).to.equal('fr');
    expect(languageFor('pt-BR')).to.equal('pt');
    expect(languageFor('PT-pt')).to.equal('pt');
    expect(languageFor('es-419')).to.equal('es');
    expect(languageFor('de-CH-1996')).to.equal('de');
    expect(languageFor('ar-EG')).to.equal('ar');
    expect(languageFor('ja-Latn-hepburn')).to.equal('ja');
    expect(languageFor('en-IN')).to.equal('en');
  });

  it('takes a close one where there is no other, and else English', () => {
    expect(languageFor('gsw')).to.equal('de');
    expect(languageFor('arz')).to.equal('ar');
    for (const other of ['zh-Hant', 'zh', 'yue', 'vo', 'tr', 'he', 'sr-Latn', 'uk']) {
      expect(languageFor(other), other).to.equal('en');
    }
  });

  it('takes the first of several that there are words in', () => {
    expect(languageFor('zh-Hant', 'vo', 'fr-CH', 'de')).to.equal('fr');
    expect(languageFor()).to.equal('en');
  });

  it('passes over what is no language tag', () => {
    expect(languageFor('*', '', 'en_US', '<b>', 'ja')).to.equal('ja');
    expect(languageFor('x'.repeat(100_000))).to.equal('en');
  });

  it('takes a language that the host adds, also for the near ones', () => {
    const words = { 'zh-Hant': { login: '登入' }, nl: { login: 'Inloggen' } };
    expect(chooseWords('zh-TW', words)).to.deep.include({ language: 'zh-Hant', dir: 'ltr' });
    expect(chooseWords('yue', words).words.login).to.equal('登入');
    expect(chooseWords('nl-BE', words).words.login).to.equal('Inloggen');
  });

  it('goes by the script that is meant, named or usual in the region, where regions are told apart', () => {
    const rows: [wanted: string, among: string, language: string][] = [
      ['zh-Hans-HK', 'zh-CN zh-TW', 'zh-CN'],
      ['zh-Hans-HK', 'zh-Hans zh-Hant zh-Hant-HK', 'zh-Hans'],
      ['zh-Hans-HK', 'zh-TW', 'en'],
      ['zh-Hant-HK', 'zh-CN zh-TW zh-HK', 'zh-HK'],
      ['zh-Hant-MO', 'zh-CN zh-TW zh-HK', 'zh-HK'],
      ['zh-MO', 'zh-CN zh-TW zh-HK', 'zh-HK'],
      ['zh-SG', 'zh-CN zh-TW zh-HK', 'zh-CN'],
      ['sr-Cyrl-ME', 'sr-RS sr-ME', 'sr-RS'],
      ['sr-Latn-RS', 'sr-RS sr-ME', 'sr-ME'],
    ];
    for (const [wanted, among, language] of rows) {
      const words = Object.fromEntries(among.split(' ').map((tag) => [tag, { login: tag }]));
      expect(chooseWords(wanted, words).language, `${wanted} among ${among}`).to.equal(language);
    }
  });

  it('says what the host left out in the nearest language of ours', () => {
    const inFrench = chooseWords('fr-CA', { 'fr-CA': { login: 'Ouvrir une session' } });
    expect(inFrench.language).to.equal('fr-CA');
    expect(inFrench.words).to.deep.equal({ ...builtInWords['fr'], login: 'Ouvrir une session' });
    const inEnglish = chooseWords('vo', { vo: { login: undefined as unknown as string } });
    expect(inEnglish.words.login).to.equal(builtInWords['en']?.login);
  });

  it('replaces one sentence and leaves the others, and ours as they are', () => {
    const { words } = chooseWords('fr', { fr: { login: 'Entrer' } });
    expect(words).to.deep.equal({ ...builtInWords['fr'], login: 'Entrer' });
    expect(chooseWords('fr').words.login).not.to.equal('Entrer');
  });
});

describe('directionOf', () => {
  it('goes by the script, named or usual', () => {
    for (const language of ['ar', 'fa', 'ur-PK', 'he', 'dv', 'ckb', 'az-Arab', 'pa-PK', 'ar-EG']) {
      expect(directionOf(language), language).to.equal('rtl');
    }
    for (const language of ['en', 'ja', 'az', 'ku-TR', 'ar-Latn', 'pa', 'zh-Hant']) {
      expect(directionOf(language), language).to.equal('ltr');
    }
  });
});
