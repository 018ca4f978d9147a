import { expect } from 'chai';
import sinon from 'sinon';
import {
  DatabaseError,
  InviteRequiredError,
  ServiceUnavailableError,
  ValidationError,
} from '../../src/errors.js';
import { requestSignUp } from '../../src/signup/request-sign-up.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { rejection } from '../fluentmeet/test-instance.js';

const input = { email: 'ada@example.com', password: canaryPassword };

describe('requestSignUp', () => {
  let context: ReturnType<typeof createFakeContext>;
  const known = { user_id: null, held: false, due_at: 'now', is_passed_over: false };
  beforeEach(() => {
    context = createFakeContext({ duplicates: 'conceal' });
    context.query.resolves([known]);
  });

  const statements = () => context.query.args.map(([sql]) => sql);

  it('signs a new address up', async () => {
    context.query.resolves([{ ...known, user_id: '1' }]);
    expect(await requestSignUp(context, input)).to.equal(undefined);
    expect(statements()).to.have.lengthOf(1);
    sinon.assert.calledOnce(context.relay.wake);
  });

  it('hashes for a known address as for a new one, and before it learns which it is', async () => {
    await requestSignUp(context, input);
    sinon.assert.calledOnce(context.hasher.hash);
    sinon.assert.callOrder(context.hasher.hash, context.query);
  });

  it('says nothing of whether the address was known: not by its answer, its statements or the relay', async () => {
    for (const userId of ['1', null]) {
      context.query.resetHistory();
      context.relay.wake.resetHistory();
      context.query.resolves([{ ...known, user_id: userId }]);
      expect(await requestSignUp(context, input)).to.equal(undefined);
      expect(statements()).to.have.lengthOf(1);
      sinon.assert.calledOnce(context.relay.wake);
    }
  });

  it('does not look what became of a statement whose answer was lost: that would tell', async () => {
    const lost = new ServiceUnavailableError('database', true);
    context.query.rejects(lost);
    expect(await rejection(requestSignUp(context, input))).to.equal(lost);
    expect(statements()).to.have.lengthOf(1);
  });

  for (const unreadable of [
    new TypeError('a parser'),
    new DatabaseError('no SQLSTATE', undefined, undefined),
  ]) {
    it(`does not know what became of it after ${unreadable.name}, for a new address as for a known one`, async () => {
      context.query.rejects(unreadable);
      expect(await rejection(requestSignUp(context, input))).to.deep.include({
        code: 'SERVICE_UNAVAILABLE',
        outcomeUnknown: true,
      });
      expect(statements()).to.have.lengthOf(1);
    });
  }

  it('passes on what PostgreSQL refused, which did nothing', async () => {
    const refused = new DatabaseError('PostgreSQL error 42501', '42501', undefined);
    context.query.rejects(refused);
    expect(await rejection(requestSignUp(context, input))).to.equal(refused);
  });

  it('still says what is wrong with the input, and whether an invite is needed', async () => {
    expect(await rejection(requestSignUp(context, { email: 'x' }))).to.be.instanceOf(ValidationError);
    const invited = createFakeContext({ duplicates: 'conceal', signup: 'invite' });
    expect(await rejection(requestSignUp(invited, input))).to.be.instanceOf(InviteRequiredError);
  });

  it('passes on that the database is away', async () => {
    const error = new ServiceUnavailableError('database', false);
    context.query.rejects(error);
    expect(await rejection(requestSignUp(context, input))).to.equal(error);
  });
});
