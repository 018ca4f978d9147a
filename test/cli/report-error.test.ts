import { expect } from 'chai';
import { reportError } from '../../src/cli/report-error.js';
import { AccountHeldError, DatabaseError, SchemaAheadError } from '../../src/errors.js';
import { createIo } from './run-cli.js';

describe('reportError', () => {
  const report = (error: unknown) => {
    const { io, stdout, stderr } = createIo();
    const code = reportError(io, error, { debug: false });
    expect(stdout.text).to.equal('');
    return { code, said: stderr.text };
  };

  it('names what holds an account, and the hook that lets it go', () => {
    const { code, said } = report(new AccountHeldError('meetings_owner_fkey', 'meetings'));
    expect(code).to.equal(1);
    expect(said).to.include('meetings_owner_fkey of table meetings').and.to.include('onRemoved');
  });

  it('says where the grant stands that a user lacks', () => {
    const { code, said } = report(new DatabaseError('permission denied', '42501', undefined));
    expect(code).to.equal(1);
    expect(said).to.include('fluentmeet doctor').and.to.include('grant');
  });

  it('names the schema to look into before migrations that a host may have applied elsewhere', () => {
    for (const sqlState of ['42P01', '42703', '3F000']) {
      const { said } = report(new DatabaseError('there is no such thing', sqlState, undefined));
      expect(said).to.include('FLUENTMEET_DATABASE_SCHEMA').and.to.include('--config');
      expect(said).to.include('fluentmeet migrate up').and.not.to.include('there is no such thing');
    }
  });

  it('says of a database that is newer that nothing was changed', () => {
    const { code, said } = report(new SchemaAheadError(['9999-tomorrow']));
    expect(code).to.equal(1);
    expect(said).to.include('9999-tomorrow').and.to.include('Nothing was changed.');
  });

  it('says nothing of a prompt that was left by Ctrl-C', () => {
    const error = Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' });
    expect(report(error)).to.deep.equal({ code: 130, said: '' });
  });
});
