import { expect } from 'chai';
import { cellText, isStyled, styled } from '../../../src/cli/terminal/cell.js';

describe('cellText', () => {
  it('is for people where it is local: a dash for nothing, the time of their clock', () => {
    const noon = new Date(2026, 2, 14, 12, 0, 5);
    expect([cellText(null, true), cellText(undefined, true)]).to.deep.equal(['–', '–']);
    expect(cellText(noon, true)).to.equal('2026-03-14 12:00:05');
  });

  it('is for programs where it is not: nothing for nothing, ISO 8601', () => {
    expect(cellText(null, false)).to.equal('');
    expect(cellText(new Date(Date.UTC(2026, 2, 14, 12)), false)).to.equal('2026-03-14T12:00:00.000Z');
  });

  it('is without its style, and holds nothing that steers a terminal', () => {
    expect(cellText(styled('red', 'dead'), true)).to.equal('dead');
    expect(cellText('a\u001b[31mb', true)).not.to.include('\u001b');
    expect(cellText(styled('red', '\u001b]0;title\u0007'), false)).not.to.match(/\p{Cc}/u);
  });

  it('knows a style from a date and from nothing', () => {
    expect([styled('dim', 1), new Date(), null, 'text', 0].map(isStyled)).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
