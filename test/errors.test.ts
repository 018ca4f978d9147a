import { expect } from 'chai';
import { fault } from '../src/faults.js';
import * as errors from '../src/errors.js';
import * as index from '../src/index.js';

const every: errors.FluentMeetError[] = [
  new errors.ValidationError([fault('email', 'EMAIL_MISSING')]),
  new errors.EmailAlreadyRegisteredError(),
  new errors.SignupClosedError(),
  new errors.InviteRequiredError(),
  new errors.InviteInvalidError(),
  new errors.EmailNotVerifiedError(),
  new errors.MissingTokenError(),
  new errors.InvalidTokenError(),
  new errors.TokenExpiredError(),
  new errors.ServiceUnavailableError('database', true),
  new errors.DatabaseError('PostgreSQL error 23505', '23505', 'users_email_key'),
  new errors.InvalidOptionsError([{ field: 'secret', message: 'is short' }]),
  new errors.SchemaConflictError('public', ['users']),
  new errors.SchemaAheadError(['9999-future']),
  new errors.NotFoundError('nothing there'),
];

describe('FluentMeetError', () => {
  for (const error of every) {
    it(`names itself and its code: ${error.constructor.name}`, () => {
      expect(error).to.be.instanceOf(errors.FluentMeetError).and.instanceOf(Error);
      expect(error.name).to.equal(error.constructor.name);
      expect(error.code).to.match(/^[A-Z]+(_[A-Z]+)*$/);
      expect(error.message).to.match(/\w/);
      expect(error.stack).to.include('errors.test');
    });
  }

  it('has one code per class, so that a host can tell them apart by it', () => {
    expect(new Set(every.map(({ code }) => code)).size).to.equal(every.length);
  });

  it('keeps the cause, and says whether the outcome is known', () => {
    const cause = new Error('ECONNREFUSED');
    const error = new errors.ServiceUnavailableError('database', true, { cause });
    expect(error).to.include({ reason: 'database', outcomeUnknown: true, cause });
  });

  it('advises whoever has a table of that name, by option and by variable', () => {
    const { message } = new errors.SchemaConflictError('public', ['users', 'invites']);
    expect(message).to.include('"users", "invites"').and.include('databaseSchema');
    expect(message).to.include('FLUENTMEET_DATABASE_SCHEMA');
  });

  it('is exported with every class that the library functions throw', () => {
    expect(index.FluentMeetError).to.equal(errors.FluentMeetError);
    const exported = new Set<unknown>(Object.values(index));
    for (const error of every) {
      // Of the routes alone, it is not for hosts.
      const kept = error instanceof errors.MissingTokenError;
      expect(exported.has(error.constructor), error.name).to.equal(!kept);
    }
  });
});

describe('a known error', () => {
  it('carries the status of its code, and narrows by it', () => {
    const statuses = [
      new errors.ValidationError([]),
      new errors.EmailAlreadyRegisteredError(),
      new errors.NotFoundError(),
    ];
    expect(statuses.map(({ status }) => status)).to.deep.equal([400, 409, 404]);
    const error: unknown = new errors.DatabaseError('refused', '23503', 'teams_owner_fkey', 'teams');
    if (!errors.isFluentMeetError(error)) throw error;
    if (error.code !== 'DATABASE_ERROR') throw error;
    expect([error.status, error.constraint]).to.deep.equal([500, 'teams_owner_fkey']);
    expect(errors.isFluentMeetError(new Error('of another'))).to.equal(false);
  });

  it('keeps the status that a host refused with', () => {
    const refused = new errors.SignUpRefusedError({ code: 'NO_MAIL_SERVER', message: 'No.', status: 422 });
    expect(refused.status).to.equal(422);
  });
});
