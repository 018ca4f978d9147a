import { expect } from 'chai';
import { languageOptions, languageTags } from '../../src/http/pages/language-options.js';
import { builtInWords } from '../../src/words/words.js';
import { chooseWords } from '../../src/words/choose-words.js';

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
});
