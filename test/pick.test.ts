import { expect } from 'chai';
import { pick } from '../src/pick.js';

describe('pick', () => {
  const user = { id: 7, email: 'ada@example.com', full_name: null, hashed_password: 'secret' };

  it('leaves out what was not asked for', () => {
    expect(pick(user, ['id', 'full_name'])).to.deep.equal({ id: 7, full_name: null });
    expect(pick(user, [])).to.deep.equal({});
  });

  it('has the keys in the order they were asked for', () => {
    expect(Object.keys(pick(user, ['full_name', 'email', 'id']))).to.deep.equal(['full_name', 'email', 'id']);
  });

  it('reads a getter of a class, as a model has them, once', () => {
    let reads = 0;
    class Row {
      get email() {
        reads += 1;
        return 'ada@example.com';
      }
    }
    const picked = pick(new Row(), ['email']);
    expect([picked.email, picked.email, reads]).to.deep.equal(['ada@example.com', 'ada@example.com', 1]);
  });
});
