import { expect } from 'chai';
import { checkVersion } from '../../../src/cli/doctor/check-connection.js';

describe('the version of the database', () => {
  const statusOf = (number: string) =>
    checkVersion({ version: 'x', number, name: 'app' }, 'db.internal:5432').status;

  it('is well from 15 on, which we test, doubtful before, and too old before 13', () => {
    expect(['180000', '150000'].map(statusOf)).to.deep.equal(['ok', 'ok']);
    expect(['140011', '130000'].map(statusOf)).to.deep.equal(['warn', 'warn']);
    expect(statusOf('120022')).to.equal('fail');
  });
});
