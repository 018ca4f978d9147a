import { inspect } from 'node:util';
import { expect } from 'chai';
import { Op } from 'sequelize';
import sinon from 'sinon';
import { fault } from '../../src/faults.js';
import {
  EmailAlreadyRegisteredError,
  InviteInvalidError,
  InviteRequiredError,
  ServiceUnavailableError,
  SignupClosedError,
  ValidationError,
} from '../../src/errors.js';
import { hashInvite } from '../../src/invites/require-invite.js';
import { PreparedSignUp, prepareSignUp } from '../../src/signup/prepare-sign-up.js';
import { chosenFields } from '../../src/signup/signup-input.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { rejection } from '../fluentmeet/test-instance.js';

const input = {
  email: ' Ada@Example.COM ',
  password: canaryPassword,
  full_name: ' Ada ',
  listening_language: 'FR',
};

describe('prepareSignUp', () => {
  it('validates, canonicalises and hashes', async () => {
    const context = createFakeContext();
    const prepared = await prepareSignUp(context, input);
    const { user, inviteHash } = PreparedSignUp.contentOf(prepared);
    expect(user).to.include({
      email: 'ada@example.com',
      hashed_password: '$2b$04$hash',
      full_name: 'Ada',
      speaking_language: 'en',
      listening_language: 'fr',
    });
    expect(inviteHash).to.equal(undefined);
    sinon.assert.calledOnceWithExactly(context.hasher.hash, canaryPassword);
  });

  it('looks whether the address is taken before it hashes', async () => {
    const context = createFakeContext();
    await prepareSignUp(context, input);
    expect(context.query.firstCall.args[1]).to.deep.equal(['ada@example.com']);
    sinon.assert.callOrder(context.query, context.hasher.hash);
  });

  it('spends no hash on an address that is taken', async () => {
    const context = createFakeContext();
    context.query.resolves([{}]);
    expect(await rejection(prepareSignUp(context, input))).to.be.instanceOf(EmailAlreadyRegisteredError);
    sinon.assert.notCalled(context.hasher.hash);
  });

  it('asks nobody anything while sign-up is closed', async () => {
    const context = createFakeContext({ signup: 'closed' });
    expect(await rejection(prepareSignUp(context, input))).to.be.instanceOf(SignupClosedError);
    sinon.assert.notCalled(context.query);
    sinon.assert.notCalled(context.hasher.hash);
  });

  it('wants an invite where the host does, before it looks for the address or hashes', async () => {
    const context = createFakeContext({ signup: 'invite' });
    expect(await rejection(prepareSignUp(context, input))).to.be.instanceOf(InviteRequiredError);
    sinon.assert.notCalled(context.query);
    sinon.assert.notCalled(context.hasher.hash);
  });

  it('refuses an invite that cannot be redeemed before it hashes, and tells nobody whether the address is taken', async () => {
    const context = createFakeContext({ signup: 'invite' });
    const count = sinon.stub(context.models.Invite, 'count').resolves(0);
    const error = await rejection(prepareSignUp(context, { ...input, invite: 'not-one' }));
    expect(error).to.be.instanceOf(InviteInvalidError);
    sinon.assert.calledOnceWithMatch(count, {
      where: { token_hash: hashInvite('not-one'), email: { [Op.or]: [null, 'ada@example.com'] } },
    });
    sinon.assert.notCalled(context.query);
    sinon.assert.notCalled(context.hasher.hash);
  });

  it('takes a good invite along for the transaction', async () => {
    const context = createFakeContext({ signup: 'invite' });
    sinon.stub(context.models.Invite, 'count').resolves(1);
    const prepared = await prepareSignUp(context, { ...input, invite: 'a good one' });
    expect(PreparedSignUp.contentOf(prepared).inviteHash).to.deep.equal(hashInvite('a good one'));
  });

  for (const signup of ['closed', 'invite'] as const) {
    it(`is the operator's own right where sign-up is ${signup}`, async () => {
      const context = createFakeContext({ signup });
      const prepared = await prepareSignUp(context, input, { operator: true });
      expect(PreparedSignUp.contentOf(prepared).inviteHash).to.equal(undefined);
    });
  }

  it('names every fault at once, and repeats no value', async () => {
    const context = createFakeContext({ languages: ['en', 'fr'] });
    const error: ValidationError = await rejection(
      prepareSignUp(context, {
        email: 'geheim-7',
        password: 'short',
        full_name: 'https://geheim-7.example',
        speaking_language: 'geheim_7',
        listening_language: 'de',
        is_verified: true,
      }),
    );
    expect(error).to.be.instanceOf(ValidationError);
    expect(error.details.map(({ field }) => field)).to.deep.equal([
      'email',
      'password',
      'full_name',
      'speaking_language',
      'listening_language',
    ]);
    expect(JSON.stringify(error.details)).not.to.match(/geheim|short/);
    sinon.assert.notCalled(context.query);
    sinon.assert.notCalled(context.hasher.hash);
  });

  for (const nothing of [undefined, null, 'text', 7, [{}]]) {
    it(`answers ${inspect(nothing)} with one fault of the whole`, async () => {
      const error: ValidationError = await rejection(prepareSignUp(createFakeContext(), nothing));
      expect(error.details).to.deep.equal([fault('body', 'BODY_NOT_OBJECT')]);
    });
  }

  for (const nothing of [{}, { email: '', password: '' }, { email: ' \t', password: '' }]) {
    it(`says of a missing field that it is required: ${inspect(nothing)}`, async () => {
      const error: ValidationError = await rejection(prepareSignUp(createFakeContext(), nothing));
      expect(error.details).to.deep.equal([
        fault('email', 'EMAIL_MISSING'),
        fault('password', 'PASSWORD_MISSING'),
      ]);
    });
  }

  it('drops what it does not know: no body sets a column', async () => {
    const prepared = await prepareSignUp(createFakeContext(), {
      ...input,
      id: 1,
      is_verified: true,
      is_active: false,
      hashed_password: 'x',
      ['__proto__']: { is_verified: true },
    });
    expect(PreparedSignUp.contentOf(prepared).user).to.have.all.keys(
      'email',
      'hashed_password',
      ...chosenFields,
    );
  });

  it('wants a strong password where the host asks for one, with the own address as context', async () => {
    const context = createFakeContext({ passwordMinScore: 3 });
    const error: ValidationError = await rejection(
      prepareSignUp(context, { email: 'quorvale.zyx@example.com', password: 'quorvalezyx' }),
    );
    expect(error.details.map(({ field }) => field)).to.deep.equal(['password']);
    sinon.assert.notCalled(context.hasher.hash);
    await prepareSignUp(context, { email: 'ada@example.com', password: 'quorvale zyxomatic tulip' });
  });

  it('passes on that too many are waiting to be hashed', async () => {
    const context = createFakeContext();
    const full = new ServiceUnavailableError('hash-queue', false);
    context.hasher.hash.rejects(full);
    expect(await rejection(prepareSignUp(context, input))).to.equal(full);
  });

  it('asks the database for nothing where too many are waiting to be hashed already', async () => {
    for (const signup of ['open', 'invite'] as const) {
      const context = createFakeContext({ signup });
      const full = new ServiceUnavailableError('hash-queue', false);
      context.hasher.requireRoom.throws(full);
      expect(await rejection(prepareSignUp(context, { ...input, invite: 'a good one' }))).to.equal(full);
      sinon.assert.notCalled(context.query);
      expect(await rejection(prepareSignUp(context, {}))).to.be.instanceOf(ValidationError);
    }
  });

  it('makes something that JSON and a console see nothing of', async () => {
    const prepared = await prepareSignUp(createFakeContext(), input);
    for (const text of [JSON.stringify(prepared), inspect(prepared, { showHidden: true, depth: 9 })]) {
      expect(text).not.to.match(/ada|\$2b/);
    }
  });
});
