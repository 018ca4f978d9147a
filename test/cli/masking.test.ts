import { expect } from 'chai';
import { createMask } from '../../src/cli/cli.js';

const link = 'https://app.example.com/verify?lang=fr&token=7f8a0c95-9cb1-8ffb-b1b3-6faaecd08a00#top';

describe('createMask', () => {
  it('hides most of an address and all of a token', () => {
    const mask = createMask(false);
    expect(mask.address('ada.lovelace@example.com')).not.to.include('ada.lovelace');
    expect(mask.link(link)).to.equal('https://app.example.com/verify?lang=fr&token=***#top');
    expect(mask.link('https://app.example.com/verify?token=secret')).not.to.include('secret');
  });

  it('shows both as they are to whoever asked for it', () => {
    const mask = createMask(true);
    expect([mask.address('ada@example.com'), mask.link(link)]).to.deep.equal(['ada@example.com', link]);
  });
});
