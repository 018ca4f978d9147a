import { expect } from 'chai';
import { prefersJson } from '../../src/http/media-type.js';

describe('prefersJson', () => {
  const cases: Record<string, boolean> = {
    'application/json': true,
    'Application/JSON': true,
    'application/json, text/plain, */*': true,
    'application/json;q=0.9, text/html;q=0.8': true,
    'application/json, text/html;q=0.9, */*;q=0.1': true,
    'application/json; charset=utf-8': true,
    '*/*': false,
    'application/*': false,
    '': false,
    'text/html': false,
    'text/html, application/json': false,
    'application/json, text/html': false,
    'application/json;q=0.5, text/html': false,
    'application/json;q=0.5, */*': false,
    'application/json;q=0': false,
    'application/json;q=high': false,
    'application/json;q=0.9, text/*': false,
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8': false,
    'application/jsonp': false,
  };
  for (const [accept, expected] of Object.entries(cases)) {
    it(`is ${expected} for "${accept}"`, () => {
      expect(prefersJson(accept)).to.equal(expected);
    });
  }

  it('is false without the header', () => {
    expect(prefersJson(undefined)).to.equal(false);
  });

  it('reads no more than a thousand characters', () => {
    expect(prefersJson(`${' '.repeat(984)}application/json`)).to.equal(true);
    expect(prefersJson(`${' '.repeat(985)}application/json`)).to.equal(false);
  });
});
