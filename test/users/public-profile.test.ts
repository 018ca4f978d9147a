import { expect } from 'chai';
import { publicProfile } from '../../src/users/public-profile.js';

describe('publicProfile', () => {
  it('has the keys of the contract and no other, whatever the row has', () => {
    const row = {
      id: '9007199254740991',
      email: 'ada@example.com',
      full_name: null,
      speaking_language: 'en',
      listening_language: 'fr',
      is_active: true,
      is_verified: false,
      created_at: new Date(Date.UTC(2026, 2, 14, 12)),
      hashed_password: '$2b$12$…',
      deleted_at: null,
    };
    expect(publicProfile(row)).to.deep.equal({
      id: 9007199254740991,
      email: 'ada@example.com',
      full_name: null,
      speaking_language: 'en',
      listening_language: 'fr',
      is_active: true,
      is_verified: false,
      created_at: '2026-03-14T12:00:00.000Z',
    });
  });
});
