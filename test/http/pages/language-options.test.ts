import { expect } from 'chai';
import { languageOptions, languageTags, preselected } from '../../../src/http/pages/language-options.js';
import { builtInWords } from '../../../src/words/words.js';
import { chooseWords } from '../../../src/words/choose-words.js';

describe('languageOptions', () => {
  const values = (page: string) => [...page.matchAll(/<option value=([^ >]+)/g)].map(([, value]) => value);

  for (const language of Object.keys(builtInWords)) {
    it(`offers each language once, on a page in ${language}`, () => {
      for (const accepted of [[language], ['fil-PH', 'tl', 'en-GB'], ['zh-TW', 'pt']]) {
        const reader = { ...chooseWords(language), asked: undefined, accepted, offered: [] };
        const tags = languageTags(undefined);
        for (const wanted of ['', 'fil', 'de-AT']) {
          const offered = values(languageOptions(reader, tags, wanted).toString());
          expect(offered).to.include.members(['fil', 'en-GB', 'zh-Hant']);
          expect(offered).to.deep.equal([...new Set(offered)]);
        }
      }
    });
  }

  const reading = (
    accepted: string[],
    { language = 'en', asked }: { language?: string; asked?: string } = {},
  ) => ({
    ...chooseWords(language),
    asked,
    accepted,
    offered: [],
  });
  const page = (accepted: string[], tags: string[], wanted = '') =>
    languageOptions(reading(accepted), tags, wanted).toString();

  it('selects what was sent before, also where it is not among the choices', () => {
    expect(page(['fr'], ['de', 'fr', 'en'], 'DE')).to.contain('<option value=de selected>Deutsch');
    const added = page(['fr'], ['de', 'fr', 'en'], 'gsw');
    expect(values(added)[0]).to.equal('gsw');
    expect(added.match(/ selected/g)).to.have.lengthOf(1);
  });

  it('selects the browser’s where what was sent is no language, and puts nothing of it into the page', () => {
    const sent = page(['fr'], ['de', 'fr', 'en'], '"><script>');
    expect(sent).to.contain('<option value=fr selected>français').and.not.contain('script');
  });

  it('suggests what the browser reads, what is near to that, and the page’s language, before all others by name', () => {
    const tags = ['ja', 'de', 'pt-PT', 'pt-BR', 'zh', 'yue', 'en', 'es'];
    const groups = page(['pt-BR', 'zh'], tags).split('<optgroup label=');
    expect(groups).to.have.lengthOf(3);
    expect(values(groups[1]!)).to.deep.equal(['pt-BR', 'zh', 'en', 'pt-PT', 'yue']);
    expect(values(groups[2]!)).to.deep.equal(['de', 'es', 'ja']);
    expect(values(page(['de'], tags).split('<optgroup label=')[1]!)).not.to.contain('yue');
  });

  it('has no groups where all are suggested', () => {
    expect(page(['de'], ['de', 'en'])).not.to.contain('optgroup');
    expect(values(page(['de'], ['de', 'en']))).to.deep.equal(['de', 'en']);
  });

  it('suggests twelve at most', () => {
    const many = ['de', 'fr', 'es', 'pt', 'ar', 'ja', 'it', 'nl', 'pl', 'sv', 'da', 'fi', 'cs'];
    const groups = page(many, [...many, 'en']).split('<optgroup label=');
    expect(values(groups[1]!)).to.deep.equal(many.slice(0, 12));
    expect(values(groups[2]!)).to.have.members(['cs', 'en']);
  });

  it('names a language in itself, and in the page’s where that is not known', () => {
    expect(page([], ['fr', 'en'])).to.contain('<option value=fr>français');
    expect(languageOptions(reading([], { language: 'de' }), ['tlh', 'de'], '').toString()).to.contain(
      '<option value=tlh>Klingonisch',
    );
  });
});

describe('preselected', () => {
  const select = (
    accepted: string[],
    tags: string[],
    { language = 'en', asked }: { language?: string; asked?: string } = {},
  ) => preselected({ ...chooseWords(language), asked, accepted, offered: [] }, tags);

  it('is what the browser asks for first and is offered', () => {
    expect(select(['it', 'fr', 'de'], ['de', 'fr', 'en'])).to.equal('fr');
    expect(select(['fr-CA'], ['fr', 'fr-CA', 'en'])).to.equal('fr-CA');
  });

  it('is the nearest of what is offered', () => {
    expect(select(['de-AT'], ['de', 'en'])).to.equal('de');
    expect(select(['zh-TW'], ['zh', 'zh-Hans', 'zh-Hant'])).to.equal('zh-Hant');
    expect(select(['pt'], ['pt-BR', 'en'])).to.equal('pt-BR');
  });

  it('is the Spanish of America for whoever lives there, and of Spain for Spain and for everybody', () => {
    const tags = ['es', 'es-419', 'en'];
    expect(select(['es-MX'], tags)).to.equal('es-419');
    expect(select(['es-ES'], tags)).to.equal('es');
    expect(select(['es'], tags)).to.equal('es');
    expect(select(['es-150'], tags)).to.equal('es');
    expect(select(['pt-BR'], ['pt', 'es-419', 'en'])).to.equal('pt');
  });

  it('is the language that was picked for the page, as the browser has it', () => {
    const tags = ['de', 'fr', 'fr-CA', 'en'];
    expect(select(['de', 'fr-CA'], tags, { language: 'fr', asked: 'fr' })).to.equal('fr-CA');
    expect(select(['de'], tags, { language: 'fr', asked: 'fr' })).to.equal('fr');
  });

  it('is the page’s where the browser asks for nothing that is offered, else English, else the first', () => {
    expect(select(['it', 'no tag'], ['en', 'de'], { language: 'de' })).to.equal('de');
    expect(select(['it'], ['ja', 'en'], { language: 'de' })).to.equal('en');
    expect(select(['it'], ['ja', 'fr'], { language: 'de' })).to.equal('ja');
  });
});

describe('languageTags', () => {
  it('are the host’s, in its order', () => {
    expect(languageTags(['fr', 'en'])).to.deep.equal(['fr', 'en']);
    expect(languageTags([])).to.deep.equal([]);
  });

  it('are every living one where the host names none, worked out once', () => {
    const tags = languageTags(undefined);
    expect(tags).to.include.members(['de', 'en', 'en-GB', 'es-419', 'yue', 'zh-Hant']);
    expect(languageTags(undefined)).to.equal(tags);
  });
});
