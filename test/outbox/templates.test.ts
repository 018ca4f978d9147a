import { expect } from 'chai';
import { forUnverifiedOnly, isTemplate, templateNames } from '../../src/outbox/templates.js';

describe('templates', () => {
  it('are the two of the contract', () => {
    expect(templateNames).to.deep.equal(['verification', 'account-exists']);
    expect(isTemplate('verification')).to.equal(true);
    expect(isTemplate('toString')).to.equal(false);
  });

  it('tell SQL which are for the unverified alone', () => {
    expect(forUnverifiedOnly).to.equal("'verification'");
  });
});
