import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import {
  duration,
  eventIds,
  list,
  oneOf,
  rowId,
  rowIds,
  share,
  wholeNumber,
} from '../../src/cli/flag-values.js';

function refuses(parse: (text: string) => unknown, ...texts: string[]): void {
  for (const text of texts) expect(() => parse(text), text).to.throw(InvalidArgumentError);
}

describe('the values of flags', () => {
  it('take whole numbers in their range, written as digits', () => {
    const parse = wholeNumber(1, 100);
    expect([parse('1'), parse('100'), parse('007')]).to.deep.equal([1, 100, 7]);
    refuses(parse, '0', '101', '-1', '+1', '1.5', '1e2', '0x10', '', ' 1', '１');
    refuses(rowId, '0', '9007199254740993', '1'.repeat(30));
    expect(rowIds('2', rowIds('1'))).to.deep.equal([1, 2]);
  });

  it('take event ids, and nothing that could be something else', () => {
    expect(eventIds('0199f6a2-7c1f-4d9a-8f43-2a9f1a4b7c11', eventIds('x'))).to.deep.equal([
      'x',
      '0199f6a2-7c1f-4d9a-8f43-2a9f1a4b7c11',
    ]);
    refuses(eventIds, '', 'a b', "'; --", 'x'.repeat(101));
  });

  it('take lengths of time', () => {
    expect([duration('90s'), duration('1h30m'), duration('36500d')]).to.deep.equal([
      90_000, 5_400_000, 3_153_600_000_000,
    ]);
    refuses(duration, '', '5', '-1h', '36501d');
  });

  it('take shares as numbers or as percentages, from nothing to all', () => {
    expect([share('0'), share('0.8'), share('80%'), share('12.5%'), share('1')]).to.deep.equal([
      0, 0.8, 0.8, 0.125, 1,
    ]);
    refuses(share, '', '1.1', '101%', '-0.1', '1e-1', 'half', '%');
  });

  it('take one of some words, exactly', () => {
    const parse = oneOf('pending', 'dead');
    expect(parse('dead')).to.equal('dead');
    refuses(parse, 'Dead', '', 'toString');
  });

  it('take lists with commas, and leave out what is empty', () => {
    expect(list(' a, b,,c ,')).to.deep.equal(['a', 'b', 'c']);
    expect(list(' , ')).to.deep.equal([]);
  });
});
