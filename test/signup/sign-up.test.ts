import { expect } from 'chai';
import { literal, type Transaction } from 'sequelize';
import sinon from 'sinon';
import {
  DatabaseError,
  EmailAlreadyRegisteredError,
  InviteInvalidError,
  ServiceUnavailableError,
} from '../../src/errors.js';
import { PreparedSignUp } from '../../src/signup/prepare-sign-up.js';
import { signUp } from '../../src/signup/sign-up.js';
import { chosenFieldsOf, signUpSchema } from '../../src/signup/signup-input.js';
import { hashToken, tokenValue } from '../../src/verification/token-value.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { rejection, testSecret } from '../fluentmeet/test-instance.js';

const row = {
  id: '42',
  email: 'ada@example.com',
  full_name: null,
  speaking_language: 'en',
  listening_language: 'fr',
  is_active: true,
  is_verified: false,
  created_at: new Date('2026-03-14T12:00:00.000Z'),
  hashed_password: '$2b$04$hash',
};

const prepared = (inviteHash?: Buffer) =>
  new PreparedSignUp(
    {
      ...chosenFieldsOf(
        signUpSchema().parse({ email: row.email, password: 'MyStr0ngP@ss!', listening_language: 'fr' }),
      ),
      email: row.email,
      hashed_password: row.hashed_password,
    },
    inviteHash,
  );

const unknownOutcome = () => new ServiceUnavailableError('database', true);

describe('signUp', () => {
  let context: ReturnType<typeof createFakeContext>;
  let findToken: sinon.SinonStub;
  beforeEach(() => {
    context = createFakeContext();
    context.query.resolves([row]);
    findToken = sinon.stub(context.models.VerificationToken, 'findOne').resolves({ user: row } as never);
  });

  it('resolves with the public profile alone, its id a number', async () => {
    expect(await signUp(context, prepared())).to.deep.equal({
      id: 42,
      email: 'ada@example.com',
      full_name: null,
      speaking_language: 'en',
      listening_language: 'fr',
      is_active: true,
      is_verified: false,
      created_at: '2026-03-14T12:00:00.000Z',
    });
  });

  it('writes user, token and outbox row in one statement, with the hash of the token and not the token', async () => {
    await signUp(context, prepared());
    sinon.assert.calledOnce(context.query);
    const [sql, bind] = context.query.firstCall.args;
    for (const table of ['users', 'verification_tokens', 'email_outbox']) {
      expect(sql).to.include(`insert into "public"."${table}"`);
    }
    const [, tokenId, tokenHash, ttl] = bind as unknown[];
    const value = tokenValue(testSecret, tokenId as string);
    expect(tokenHash).to.deep.equal(hashToken(value));
    expect(ttl).to.equal(86_400_000);
    expect(JSON.stringify(bind)).not.to.include(value);
  });

  it('wakes the relay after the row is written, and does not wait for it', async () => {
    await signUp(context, prepared());
    sinon.assert.calledOnce(context.relay.wake);
    sinon.assert.callOrder(context.query, context.relay.wake);
  });

  it('says that the address is taken when the insert finds it so, and wakes nobody', async () => {
    context.query.resolves([]);
    expect(await rejection(signUp(context, prepared()))).to.be.instanceOf(EmailAlreadyRegisteredError);
    sinon.assert.notCalled(context.relay.wake);
    expect(context.logger.events).to.deep.equal([]);
  });

  it('logs one event, with a masked address', async () => {
    const info = sinon.spy(context.logger, 'info');
    await signUp(context, prepared());
    expect(info.args).to.deep.equal([
      [{ event: 'user.signed-up', userId: 42, email: 'a***@example.com' }, 'User signed up'],
    ]);
  });

  describe('with an invite', () => {
    const inviteHash = Buffer.from('the hash of an invite');

    let redeem: sinon.SinonStub;
    beforeEach(() => {
      redeem = sinon.stub(context.models.Invite, 'update').resolves([1]);
    });

    it('redeems it in the same transaction, before the insert', async () => {
      await signUp(context, prepared(inviteHash));
      sinon.assert.calledOnce(context.database.transaction);
      sinon.assert.calledOnceWithMatch(
        redeem,
        { uses: literal('uses + 1') },
        { where: { token_hash: inviteHash }, transaction: context.innerTransaction },
      );
      sinon.assert.callOrder(redeem, context.query);
      const [insert] = context.query.args;
      expect(insert![0]).to.include('insert into "public"."users"');
      expect(insert![2]).to.equal(context.innerTransaction);
    });

    it('inserts nobody when the last use of it is gone', async () => {
      redeem.resolves([0]);
      expect(await rejection(signUp(context, prepared(inviteHash)))).to.be.instanceOf(InviteInvalidError);
      sinon.assert.notCalled(context.query);
      sinon.assert.notCalled(context.relay.wake);
    });

    it('fails inside the transaction when the address is taken, so that the use is rolled back', async () => {
      context.query.onFirstCall().resolves([]);
      expect(await rejection(signUp(context, prepared(inviteHash)))).to.be.instanceOf(
        EmailAlreadyRegisteredError,
      );
      const work = context.database.transaction.firstCall.returnValue;
      expect(await rejection(work)).to.be.instanceOf(EmailAlreadyRegisteredError);
    });
  });

  describe("in a host's transaction", () => {
    function hostTransaction(parent?: object) {
      const afterCommit = sinon.stub<[() => unknown]>();
      return { transaction: { parent, afterCommit } as unknown as Transaction, afterCommit };
    }

    it('works in a savepoint of it', async () => {
      const { transaction } = hostTransaction();
      await signUp(context, prepared(), { transaction });
      expect(context.database.transaction.firstCall.args[1]).to.equal(transaction);
      expect(context.query.firstCall.args[2]).to.equal(context.innerTransaction);
    });

    it('wakes the relay, and says that somebody signed up, only once the host has committed', async () => {
      const { transaction, afterCommit } = hostTransaction();
      await signUp(context, prepared(), { transaction });
      sinon.assert.notCalled(context.relay.wake);
      expect(context.logger.events).to.deep.equal([]);
      afterCommit.firstCall.args[0]();
      sinon.assert.calledOnce(context.relay.wake);
      expect(context.logger.events).to.deep.equal(['user.signed-up']);
    });

    it("waits for the outermost commit where the host's transaction is a savepoint itself", async () => {
      const outer = hostTransaction();
      const { transaction, afterCommit } = hostTransaction(outer.transaction);
      await signUp(context, prepared(), { transaction });
      afterCommit.firstCall.args[0]();
      sinon.assert.notCalled(context.relay.wake);
      outer.afterCommit.firstCall.args[0]();
      sinon.assert.calledOnce(context.relay.wake);
    });

    it('does not look for what became of it: the host must know', async () => {
      const { transaction } = hostTransaction();
      const error = unknownOutcome();
      context.query.rejects(error);
      expect(await rejection(signUp(context, prepared(), { transaction }))).to.equal(error);
      sinon.assert.calledOnce(context.query);
    });
  });

  describe('when something fails after the commit', () => {
    for (const created_at of ['14/03/2026 12:00:00 UTC', new Date(Number.NaN), null]) {
      it(`answers with what was written where a column cannot be read: ${String(created_at)}`, async () => {
        context.query.resolves([{ ...row, created_at }]);
        const profile = await signUp(context, prepared());
        expect(profile).to.deep.include({ id: 42, email: row.email, listening_language: 'fr' });
        expect(Math.abs(new Date(profile.created_at).getTime() - Date.now())).to.be.below(60_000);
      });
    }

    it('looks for its own token where the answer could not be read at all', async () => {
      context.query.onFirstCall().rejects(new TypeError('a parser'));
      expect(await signUp(context, prepared())).to.include({ id: 42 });
      sinon.assert.calledOnce(context.query);
      sinon.assert.calledOnce(findToken);
    });
  });

  describe('when no answer came to the commit', () => {
    it('looks for its own token, and answers as if nothing had happened when it is there', async () => {
      context.query.onFirstCall().rejects(unknownOutcome());
      expect(await signUp(context, prepared())).to.include({ id: 42 });
      const [insert] = context.query.args;
      sinon.assert.calledOnceWithMatch(findToken, { where: { id: insert![1]![1] as string } });
      sinon.assert.calledOnce(context.relay.wake);
    });

    it('does not try again blindly, and passes the error on, when its token is not there', async () => {
      const error = unknownOutcome();
      context.query.onFirstCall().rejects(error);
      findToken.resolves(null);
      expect(await rejection(signUp(context, prepared()))).to.equal(error);
      sinon.assert.calledOnce(context.query);
      sinon.assert.calledOnce(findToken);
      sinon.assert.notCalled(context.relay.wake);
    });

    for (const first of [
      unknownOutcome(),
      new TypeError('a parser'),
      new DatabaseError('no SQLSTATE', undefined, undefined),
    ]) {
      describe(`but ${first.name}`, () => {
        const unknowable = async (what: Promise<unknown>) =>
          expect(await rejection(what)).to.deep.include({
            code: 'SERVICE_UNAVAILABLE',
            reason: 'database',
            outcomeUnknown: true,
          });

        it('does not know what became of it where the database cannot even be asked', async () => {
          context.query.onFirstCall().rejects(first);
          findToken.rejects(new DatabaseError('PostgreSQL error 42501', '42501', undefined));
          await unknowable(signUp(context, prepared()));
          sinon.assert.notCalled(context.relay.wake);
        });

        it('nor where it does not say within a second', async () => {
          context.query.onFirstCall().rejects(first);
          findToken.returns(new Promise(() => undefined));
          const started = performance.now();
          await unknowable(signUp(context, prepared()));
          expect(performance.now() - started).to.be.within(900, 5_000);
        });
      });
    }

    it('looks also after a signup by invite, whose commit is one of its own', async () => {
      context.database.transaction = sinon.stub().rejects(unknownOutcome()) as never;
      expect(await signUp(context, prepared(Buffer.from('i')))).to.include({ id: 42 });
    });
  });

  for (const error of [
    new ServiceUnavailableError('database', false),
    new DatabaseError('PostgreSQL error 23514', '23514', undefined),
  ]) {
    it(`passes on ${error.name} of a statement that surely did nothing, and asks nothing more`, async () => {
      context.query.rejects(error);
      expect(await rejection(signUp(context, prepared()))).to.equal(error);
      sinon.assert.calledOnce(context.query);
      sinon.assert.notCalled(context.relay.wake);
    });
  }
});
