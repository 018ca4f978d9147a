import { expect } from 'chai';
import { parseDuration } from '../../src/options/duration.js';

describe('parseDuration', () => {
  const good: [string, number][] = [
    ['500ms', 500],
    ['30s', 30_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['2w', 1_209_600_000],
    ['1w2d3h4m5s6ms', 604_800_000 + 172_800_000 + 10_800_000 + 240_000 + 5_000 + 6],
    ['90m', 5_400_000],
    ['0s', 0],
    [' 24h ', 86_400_000],
  ];
  for (const [text, milliseconds] of good) {
    it(`understands ${text}`, () => expect(parseDuration(text)).to.equal(milliseconds));
  }

  for (const text of [
    '',
    '5',
    'h',
    '30m1h',
    '1h1h',
    '1.5h',
    '-1h',
    '1 h',
    '1H',
    '1y',
    '1M',
    '2wx',
    '1000000000000001s',
  ]) {
    it(`does not guess what ${JSON.stringify(text)} may mean`, () =>
      expect(parseDuration(text)).to.equal(undefined));
  }
});
