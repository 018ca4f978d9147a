import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { builtInWords, placesOf, type WordKey } from '../../src/words/words.js';
import { en } from '../../src/words/en.js';

const keys = Object.keys(en) as WordKey[];

/** Where another language has the same word as English. */
const sameWordElsewhere = new Set(['es faults.page-title']);

describe('words', () => {
  for (const [language, words] of Object.entries(builtInWords)) {
    describe(language, () => {
      it('has every sentence, with the values that the English one has', () => {
        expect(Object.keys(words)).to.have.members(keys);
        for (const key of keys) {
          expect(words[key].trim(), key).to.equal(words[key]).and.not.to.equal('');
          expect([...new Set(placesOf(words[key]))], key).to.have.members(placesOf(en[key]));
        }
      });

      if (words !== en) {
        it('says nothing in English', () => {
          const same = keys.filter(
            (key) => words[key] === en[key] && !sameWordElsewhere.has(`${language} ${key}`),
          );
          expect(same).to.deep.equal([]);
        });
      }

      it('holds no markup, no line break, and no brace that is no place', () => {
        for (const key of keys) {
          expect(words[key].replace(/\{[a-z]+\}/g, 'x'), key).not.to.match(/[<>{}\n\r]|&\w+;|\s\s/);
        }
      });
    });
  }

  it('are in the languages that docs/emails.md names, and about as many as it says', async () => {
    const guide = await readFile(new URL('../../docs/emails.md', import.meta.url), 'utf8');
    const names = new Intl.DisplayNames('en', { type: 'language' });
    for (const language of Object.keys(builtInWords)) expect(guide).to.contain(names.of(language));
    const said = /There are about (\d+) sentences, (\d+) of them \(`mail\.…`\)/.exec(guide);
    const ofMails = keys.filter((key) => key.startsWith('mail.'));
    expect(Number(said?.[1])).to.be.closeTo(keys.length, 15);
    expect(Number(said?.[2])).to.be.closeTo(ofMails.length, 8);
  });
});
