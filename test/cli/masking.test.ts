import { expect } from 'chai';
import { createMask } from '../../src/cli/cli.js';

describe('createMask', () => {
  it('hides most of an address', () => {
    expect(createMask(false).address('ada.lovelace@example.com')).not.to.include('ada.lovelace');
  });

  it('shows it as it is to whoever asked for it', () => {
    expect(createMask(true).address('ada@example.com')).to.equal('ada@example.com');
  });
});
