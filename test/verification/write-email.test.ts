import { expect } from 'chai';
import sinon from 'sinon';
import { type PassedOver, writePassedOver } from '../../src/verification/write-email.js';
import { createMigratedInstance, type Registered, type TestInstance } from '../fluentmeet/test-instance.js';

describe('writePassedOver', () => {
  let instance: TestInstance;
  let made = 0;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  afterEach(() => sinon.restore());

  const register = () => instance.register(`owner${++made}`);
  const passedOver = ({ email }: Registered, tellsVerified = true): PassedOver => ({
    email,
    dueAt: new Date().toISOString(),
    tellsVerified,
  });
  const templates = async ({ id }: Registered) =>
    (
      await instance.query<{ template: string }>(
        'select template from email_outbox where user_id = $1 order by id',
        [id],
      )
    ).map(({ template }) => template);

  it('waits for nobody: it looks again until the row is free, and writes once', async () => {
    const ada = await register();
    const { context } = instance;
    const wake = sinon.spy(context.relay, 'wake');
    const query = sinon.spy(context.database, 'query');
    let writing: Promise<void> | undefined;
    await context.database.transaction(async (transaction) => {
      await context.database.query('select from users where id = $1 for update', [ada.id], transaction);
      query.resetHistory();
      writing = writePassedOver(context, passedOver(ada));
      // Both answered while the row is held.
      for (const nth of [0, 1]) {
        while (query.callCount <= nth) await new Promise(setImmediate);
        expect(await query.getCall(nth).returnValue).to.deep.equal([{ is_locked: true }]);
      }
      expect(wake.called).to.equal(false);
    });
    await writing;
    expect(wake.callCount).to.equal(1);
    expect(await templates(ada)).to.deep.equal(['verification', 'verification']);
  });

  it('tells a verified owner that there is an account, where they are to be told', async () => {
    const [ada, grace] = [await register(), await register()];
    await instance.query('update users set is_verified = true where id = any($1)', [[ada.id, grace.id]]);
    await Promise.all([
      writePassedOver(instance.context, passedOver(ada)),
      writePassedOver(instance.context, passedOver(grace, false)),
    ]);
    expect(await templates(ada)).to.deep.equal(['verification', 'account-exists']);
    expect(await templates(grace)).to.deep.equal(['verification']);
  });

  it('ends without a word where the account is gone meanwhile', async () => {
    const ada = await register();
    await instance.query('update users set deleted_at = now() where id = $1', [ada.id]);
    await writePassedOver(instance.context, passedOver(ada));
    expect(await templates(ada)).to.deep.equal(['verification']);
    expect(instance.events).not.to.include('email.passed-over');
  });

  it('says in the log what kept it from writing, without the address, and rejects nobody', async () => {
    const ada = await register();
    const warn = sinon.spy(instance.context.logger, 'warn');
    sinon.stub(instance.context.database, 'query').rejects(new Error('the database went away'));
    await writePassedOver(instance.context, passedOver(ada));
    expect(warn.callCount).to.equal(1);
    const [entry] = warn.firstCall.args as unknown as [{ event: string; email: string }];
    expect(entry.event).to.equal('email.passed-over');
    expect(entry.email).not.to.equal(ada.email);
  });
});
