import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import { endInTime, pointInTime } from '../../src/cli/point-in-time.js';

describe('a point in time on the command line', () => {
  const zone = process.env['TZ'];
  beforeEach(() => (process.env['TZ'] = 'Europe/Berlin'));
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  const good: [string, string][] = [
    ['2026-03-14', '2026-03-13T23:00:00.000Z'],
    ['2024-02-29', '2024-02-28T23:00:00.000Z'],
    ['2026-03-14T12:00', '2026-03-14T11:00:00.000Z'],
    ['2026-03-14 12:00:59.5', '2026-03-14T11:00:59.500Z'],
    ['2026-03-14T12:00Z', '2026-03-14T12:00:00.000Z'],
    ['2026-03-14t12:00:00.123456z', '2026-03-14T12:00:00.123Z'],
    ['2026-03-14T12:00+05:30', '2026-03-14T06:30:00.000Z'],
    ['2026-03-14T00:30+0200', '2026-03-13T22:30:00.000Z'],
    ['2026-03-14T23:30-05', '2026-03-15T04:30:00.000Z'],
    ['2026-03-14T12:00+14:00', '2026-03-13T22:00:00.000Z'],
  ];
  for (const [text, time] of good) {
    it(`is ${text}`, () => expect(pointInTime(text).toISOString()).to.equal(time));
  }

  for (const text of [
    '2026-02-30',
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-32',
    '0000-01-01',
    '2026-03-14T24:00',
    '2026-03-14T24:61',
    '2026-03-14T12:60Z',
    '2026-12-31T23:59:60Z',
    '2026-02-30T12:00Z',
    '2026-02-30T12:00+02:00',
    '2026-03-14T12:00+24:00',
    '2026-03-14T12:00+14:01',
    '2026-03-14T12:00-12:30',
    '2026-03-14T12:00+02:60',
    // The clocks go from 02:00 to 03:00 in this night.
    '2026-03-29T02:30',
  ]) {
    it(`is never ${text}`, () =>
      expect(() => pointInTime(text)).to.throw(InvalidArgumentError, `There is no such time as ${text}.`));
  }

  for (const text of [
    '',
    'yesterday',
    '14.3.2026',
    '2026-3-14',
    '2026-03-14T12',
    '2026-03-14T12:00 Z',
    '20260314',
    '1,5h',
  ]) {
    it(`is not to be guessed from ${JSON.stringify(text)}`, () =>
      expect(() => pointInTime(text)).to.throw(InvalidArgumentError, 'Give a date such as'));
  }

  it('is a length of time ago', () => {
    const ago = (text: string) => (Date.now() - pointInTime(text).getTime()) / 60_000;
    expect(ago('1h30m')).to.be.closeTo(90, 0.1);
    expect(ago('2w')).to.be.closeTo(20_160, 0.1);
    expect(() => pointInTime('99999w')).to.throw(InvalidArgumentError, '36500d');
  });

  it('is the end of a day that is named alone, where it ends something', () => {
    expect(endInTime('2026-03-14').toISOString()).to.equal('2026-03-14T23:00:00.000Z');
    expect(endInTime('2026-02-28').toISOString()).to.equal('2026-02-28T23:00:00.000Z');
    expect(() => endInTime('2026-02-29')).to.throw(InvalidArgumentError);
    expect(endInTime('2026-03-14T12:00Z').toISOString()).to.equal('2026-03-14T12:00:00.000Z');
  });

  it('is the first moment of a day whose midnight the clocks skip', () => {
    process.env['TZ'] = 'Africa/Cairo';
    // In the night to 26 April 2024 Egypt went from 00:00 to 01:00.
    expect(pointInTime('2024-04-26').toISOString()).to.equal('2024-04-25T22:00:00.000Z');
  });
});
