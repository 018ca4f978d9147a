import { expect } from 'chai';
import { describeRedisError } from '../src/redis-error.js';

describe('describeRedisError', () => {
  it('keeps why the client or the system could not', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' });
    expect(describeRedisError(refused)).to.deep.equal({
      ...{ name: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:6379' },
    });
    expect(describeRedisError(new Error('Socket closed unexpectedly'))).to.deep.equal({
      ...{ name: 'Error', message: 'Socket closed unexpectedly' },
    });
  });

  it('keeps of an answer its first word alone: the rest may quote a password', () => {
    const quoted = new Error('ERR unknown command `HELLO`, with args beginning with: `AUTH`, `pa55word`');
    expect(describeRedisError(quoted)).to.deep.equal({ name: 'Error', code: 'ERR' });
    expect(describeRedisError(new Error('WRONGPASS invalid username-password pair'))).to.deep.equal({
      ...{ name: 'Error', code: 'WRONGPASS' },
    });
  });
});
