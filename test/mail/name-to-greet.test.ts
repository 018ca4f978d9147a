import { expect } from 'chai';
import { nameToGreet } from '../../src/mail/name-to-greet.js';
import { inTime } from '../support/in-time.js';

describe('nameToGreet', () => {
  it('takes names as people write them', () => {
    for (const name of [
      'Ada Lovelace',
      'J. R. R. Tolkien',
      'J.R.R. Tolkien',
      'Dr. Smith',
      "Conan O'Brien",
      'Anne-Marie <3',
      'محمد علي',
      'עדה לאבלייס',
      '山田 太郎',
      'د. أحمد',
      'Louis XIV',
      'Henry 8',
      '👩‍🚀 Sally',
      '\u200fمحمد\u200f',
    ]) {
      expect(nameToGreet(name), name).to.equal(name);
    }
    expect(nameToGreet('  Ada ')).to.equal('Ada');
  });

  it('has none where there is no name, or nothing of it is to be seen', () => {
    for (const name of [null, '', '  ', '\u200b\u2060', '...', '-']) expect(nameToGreet(name)).to.equal(null);
  });

  it('leaves out what a mail client would make a link of', () => {
    for (const name of [
      'evil.com',
      'Win at evil.com/now',
      'EVIL.COM',
      'https://evil',
      'hxxp:evil',
      'mailto:me',
      'me@evil',
      'ｅｖｉｌ．ｃｏｍ',
      'evil。com',
      'evil\u200b.\u200bcom',
      'evil\u00ad.com',
      '例え.テスト',
      'bit.ly',
      '10.0.0.12',
      'a\\b',
      'Call +1 555 123',
      'Call 0800-FREE 12345',
      '٠٨٠٠١٢٣٤٥',
      '１２３４５６７',
    ]) {
      expect(nameToGreet(name), name).to.equal(null);
    }
  });

  it('leaves out what would turn or break the text around it', () => {
    for (const name of [
      'Ada\nBcc: x',
      'Ada\u202eevol',
      'Ada\u2066x',
      'Ada\u0000',
      'Ada\u2028x',
      'Ada\ud800',
    ]) {
      expect(nameToGreet(name), JSON.stringify(name)).to.equal(null);
    }
  });

  it('is cut after 60 letters as a reader counts them, never within one', () => {
    expect(nameToGreet('x'.repeat(60))).to.equal('x'.repeat(60));
    expect(nameToGreet('x'.repeat(61))).to.equal(`${'x'.repeat(60)}…`);
    const family = '👨‍👩‍👧‍👦';
    expect(nameToGreet(family.repeat(30))).to.equal(family.repeat(30));
    expect(nameToGreet('e\u0301'.repeat(100))).to.equal(`${'e\u0301'.repeat(60)}…`);
    expect(nameToGreet(`${'x'.repeat(59)} yyy`)).to.equal(`${'x'.repeat(59)}…`);
  });

  it('is short work, whatever stands on the topic', async () => {
    const names = ['x', 'a.', 'e\u0301', '👨‍👩‍👧‍👦', '\u0301', ' '].map((part) => part.repeat(1_000_000));
    await inTime(1_000, () => names.map(nameToGreet));
  });
});
