import { expect } from 'chai';
import { forUnverifiedOnly, isTemplate, templateNames } from '../../src/outbox/templates.js';

describe('templates', () => {
  it('have those of the contract', () => {
    expect(templateNames).to.include.members(['verification', 'account-exists']);
    expect(isTemplate('verification')).to.equal(true);
    expect(isTemplate('toString')).to.equal(false);
  });

  it('tell SQL which are for the unverified alone', () => {
    expect(forUnverifiedOnly).to.equal("'verification'");
  });
});
