import { expect } from 'chai';
import type { Config } from '../../../src/options/options.js';
import type { HttpRequest } from '../../../src/http/http-request.js';
import { readerOf } from '../../../src/http/pages/reader.js';
import { builtInWords } from '../../../src/words/words.js';

describe('readerOf', () => {
  function read(url: string, accept?: string, words: Config['words'] = {}) {
    const headers = accept === undefined ? {} : { 'accept-language': accept };
    return readerOf({ config: { words } as Config }, { url, headers } as HttpRequest);
  }
  const accepted = (header: string) => read('/', header).accepted;

  it('reads English where nobody says otherwise', () => {
    const reader = read('/signup');
    expect(reader).to.include({ language: 'en', dir: 'ltr', asked: undefined });
    expect(reader.words).to.deep.equal(builtInWords['en']);
    expect(reader.accepted).to.deep.equal([]);
    expect(read('/signup', 'xx, *').language).to.equal('en');
  });

  it('goes by the header, and before it by ?lang=', () => {
    expect(read('/signup', 'de-AT, fr')).to.include({ language: 'de', asked: undefined });
    expect(read('/signup?a=1&lang=ar', 'de-AT, fr')).to.include({ language: 'ar', dir: 'rtl', asked: 'ar' });
  });

  it('keeps of ?lang= the language that the page is in, and not what was sent', () => {
    expect(read('/?lang=fr-CA').asked).to.equal('fr');
    expect(read('/?lang=FR').asked).to.equal('fr');
    expect(read('/?lang=xx', 'de').asked).to.equal('de');
  });

  it('takes no notice of a ?lang= that is no tag', () => {
    for (const lang of ['', 'd', 'd'.repeat(36), 'de_AT', 'de"', 'de%0A', '%3Cb%3E'])
      expect(read(`/?lang=${lang}`, 'fr'), lang).to.include({ language: 'fr', asked: undefined });
    for (const lang of ['de', `de-${'x'.repeat(32)}`])
      expect(read(`/?lang=${lang}`).asked, lang).not.to.equal(undefined);
  });

  it('has the languages of the header by their quality, the earlier first of two alike', () => {
    expect(accepted('de;q=0.5, fr, es;q=0.9, pt;q=0.5, ja')).to.deep.equal(['fr', 'ja', 'es', 'de', 'pt']);
  });

  it('leaves out what is not wanted, anything, and nothing', () => {
    expect(accepted('de;q=0, *, fr;q=0.001,, es;q=much')).to.deep.equal(['fr']);
  });

  it('reads twenty languages of a hostile header, and a thousand characters', () => {
    const tags = Array.from({ length: 21 }, (_, index) => `en-${index + 100}`);
    expect(accepted(tags.join())).to.deep.equal(tags.slice(0, 20));
    expect(accepted(`${'x'.repeat(997)},de`)).to.deep.equal(['x'.repeat(997), 'de']);
    expect(accepted(`${'x'.repeat(998)},de`)).to.deep.equal(['x'.repeat(998), 'd']);
  });

  it('offers our languages and the host’s, and speaks the host’s', () => {
    const reader = read('/', 'it', { it: { 'signup.title': 'Registrati' } });
    expect(reader.offered).to.deep.equal([...Object.keys(builtInWords), 'it']);
    expect(reader.language).to.equal('it');
  });
});
