import { expect } from 'chai';
import { faultKey } from '../../src/words/fault-key.js';

describe('faultKey', () => {
  it("names a sentence of the fault's own where a person can make it, and else the common one", () => {
    expect(faultKey('EMAIL_WITHOUT_AT')).to.equal('fault.EMAIL_WITHOUT_AT');
    expect(faultKey('PASSWORD_WEAK')).to.equal('fault.PASSWORD_WEAK');
    expect(faultKey('BODY_NOT_OBJECT')).to.equal('fault.UNKNOWN');
  });
});
