import { expect } from 'chai';
import sinon from 'sinon';
import { InviteRequiredError, ServiceUnavailableError, ValidationError } from '../../src/errors.js';
import { requestSignUp } from '../../src/signup/request-sign-up.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { rejection } from '../fluentmeet/test-instance.js';

const input = { email: 'ada@example.com', password: canaryPassword };

describe('requestSignUp', () => {
  let context: ReturnType<typeof createFakeContext>;
  beforeEach(() => (context = createFakeContext({ duplicates: 'conceal' })));

  const statements = () => context.query.args.map(([sql]) => sql);

  it('signs a new address up', async () => {
    context.query.resolves([{ id: '1', email: input.email, created_at: new Date() }]);
    expect(await requestSignUp(context, input)).to.equal(undefined);
    expect(statements()).to.have.lengthOf(1);
    sinon.assert.calledOnce(context.relay.wake);
  });

  it('hashes for a known address as for a new one, and before it learns which it is', async () => {
    await requestSignUp(context, input);
    sinon.assert.calledOnce(context.hasher.hash);
    sinon.assert.callOrder(context.hasher.hash, context.query);
  });

  it('tells the owner of a known address', async () => {
    context.query.onCall(1).resolves([{ id: '9' }]);
    context.query.onCall(2).resolves([{ minute: '0', day: '0' }]);
    expect(await requestSignUp(context, input)).to.equal(undefined);
    const enqueued = context.query.lastCall.args;
    expect(enqueued[0]).to.include('insert into "public"."email_outbox"');
    expect(enqueued[1]!.slice(1)).to.deep.equal(['9', null, 'account-exists']);
    sinon.assert.calledOnce(context.relay.wake);
  });

  for (const [limit, counts] of [
    ['one a minute', { minute: '1', day: '1' }],
    ['five a day', { minute: '0', day: '5' }],
  ] as const) {
    it(`tells the owner ${limit} at most, and the guest the same as ever`, async () => {
      context.query.onCall(1).resolves([{ id: '9' }]);
      context.query.onCall(2).resolves([counts]);
      expect(await requestSignUp(context, input)).to.equal(undefined);
      // The signup that found it taken, the owner, the counts: and no fourth.
      expect(statements()).to.have.lengthOf(3);
      sinon.assert.notCalled(context.relay.wake);
    });
  }

  it('writes to nobody whose account is deleted or inactive', async () => {
    expect(await requestSignUp(context, input)).to.equal(undefined);
    expect(statements()).to.have.lengthOf(2);
    expect(statements()[1]).to.include('is_active and deleted_at is null');
    sinon.assert.notCalled(context.relay.wake);
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
