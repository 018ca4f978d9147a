import { expect } from 'chai';
import { signUpSchema } from '../../src/signup/signup-input.js';

const least = { email: 'ada@example.com', password: 'MyStr0ngP@ss!' };

describe('the languages of a signup that names none', () => {
  it('are English', () => {
    const parsed = signUpSchema().parse(least);
    expect([parsed.speaking_language, parsed.listening_language]).to.deep.equal(['en', 'en']);
  });

  it('are the first of the host’s list where English is not on it', () => {
    const parsed = signUpSchema(['fr', 'de']).parse(least);
    expect([parsed.speaking_language, parsed.listening_language]).to.deep.equal(['fr', 'fr']);
  });
});
