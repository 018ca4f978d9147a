import { expect } from 'chai';
import { untilInWords } from '../../src/mail/until.js';
import { chooseWords } from '../../src/words/choose-words.js';

describe('untilInWords', () => {
  const until = (moment: string, now: string, language = 'en') =>
    untilInWords(chooseWords(language), new Date(moment), new Date(now));

  it('says today and tomorrow by the day in UTC, and not by the hours between', () => {
    expect(until('2026-03-14T23:59:59Z', '2026-03-14T00:00:00Z')).to.equal(
      'until today, 23:59 UTC (March 14)',
    );
    expect(until('2026-03-15T00:00:00Z', '2026-03-14T23:59:59Z')).to.equal(
      'until tomorrow, 00:00 UTC (March 15)',
    );
    expect(until('2026-03-15T23:59:59Z', '2026-03-14T00:00:00Z')).to.equal(
      'until tomorrow, 23:59 UTC (March 15)',
    );
  });

  it('says the date with its year from the day after tomorrow on, and of what is over', () => {
    expect(until('2026-03-16T00:00:00Z', '2026-03-14T23:59:59Z')).to.equal('until March 16, 2026, 00:00 UTC');
    expect(until('2026-03-13T23:59:59Z', '2026-03-14T00:00:00Z')).to.equal('until March 13, 2026, 23:59 UTC');
    expect(until('2027-03-15T12:00:00Z', '2026-03-14T12:00:00Z')).to.equal('until March 15, 2027, 12:00 UTC');
  });

  it('speaks the reader’s language, one after another', () => {
    const said = ['de', 'fr', 'de'].map((language) =>
      until('2026-03-15T14:05:00Z', '2026-03-14T12:00:00Z', language),
    );
    expect(said[0]).to.contain('morgen').and.contain('15. März').and.contain('14:05');
    expect(said[1]).to.contain('demain').and.contain('15 mars');
    expect(said[2]).to.equal(said[0]);
  });
});
