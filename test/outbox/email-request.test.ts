import { expect } from 'chai';
import { writeRequestedEmails } from '../../src/outbox/email-request.js';
import { createMigratedInstance, type Registered, type TestInstance } from '../fluentmeet/test-instance.js';

describe('writeRequestedEmails', () => {
  let instance: TestInstance;
  let made = 0;
  before(async () => (instance = await createMigratedInstance()));
  afterEach(() => instance.query('truncate email_requests'));
  after(() => instance.stop());

  const register = () => instance.register(`asked${++made}`);
  const ask = ({ id }: Pick<Registered, 'id'>, fields = {}) =>
    instance.context.models.EmailRequest.create({ user_id: id, ...fields });
  const look = () => writeRequestedEmails(instance.context);
  const written = ({ id, outboxId }: Registered) =>
    instance.query<{ template: string; status: string; created_at: Date; next_attempt_at: Date }>(
      'select template, status, created_at, next_attempt_at from email_outbox where user_id = $1 and id > $2 order by id',
      [id, outboxId],
    );
  const waiting = async () => (await instance.query('select from email_requests')).length;

  it('writes a verification email, as old as its request, and forgets those for nobody', async () => {
    const ada = await register();
    const { created_at } = await ask(ada, { created_at: new Date(Date.now() - 60_000) });
    await instance.context.models.EmailRequest.create({});
    await ask({ id: 4_711_000 });
    await look();
    const [email, ...others] = await written(ada);
    expect(email).to.deep.include({ template: 'verification', status: 'pending', created_at });
    expect([others.length, await waiting()]).to.deep.equal([0, 0]);
  });

  it('is pending until then, and late, for whoever watches', async () => {
    const figures = async () => (await instance.fluentmeet.stats()).emails;
    await instance.query("update email_outbox set status = 'published', published_at = now()");
    expect(await figures()).to.include({ pending: 0, oldestPendingSeconds: 0 });
    await instance.context.models.EmailRequest.create({});
    expect(await figures()).to.include({ pending: 0, oldestPendingSeconds: 0 });
    await ask(await register(), { due_at: new Date(Date.now() - 60_000) });
    expect((await figures()).pending).to.equal(2);
    expect((await figures()).oldestPendingSeconds).to.be.within(60, 90);
  });

  it('holds what is due later', async () => {
    const ada = await register();
    const due_at = new Date(Date.now() + 3_600_000);
    await ask(ada, { due_at });
    await look();
    expect(await written(ada)).to.containSubset([{ status: 'held', next_attempt_at: due_at }]);
  });

  it('tells a verified owner that there is an account, where they are to be told', async () => {
    const [ada, grace, mary] = [await register(), await register(), await register()];
    await instance.query('update users set is_verified = true where id = any($1)', [[ada.id, grace.id]]);
    for (const [one, tells_verified] of [
      [ada, true],
      [grace, false],
      [mary, true],
    ] as const) {
      await ask(one, { tells_verified });
    }
    await look();
    expect(await written(ada)).to.containSubset([{ template: 'account-exists' }]);
    expect(await written(grace)).to.have.lengthOf(0);
    expect(await written(mary)).to.containSubset([{ template: 'verification' }]);
    expect(await waiting()).to.equal(0);
  });

  for (const column of ['is_active = false', 'deleted_at = now()']) {
    it(`writes to nobody whose account has ${column}`, async () => {
      const ada = await register();
      await ask(ada);
      await instance.query(`update users set ${column} where id = $1`, [ada.id]);
      await look();
      expect([(await written(ada)).length, await waiting()]).to.deep.equal([0, 0]);
    });
  }

  it('waits for no account that somebody holds: the others are written, and that one at a later look', async () => {
    const { database } = instance.context;
    const [ada, grace] = [await register(), await register()];
    await ask(ada);
    await ask(grace);
    await database.transaction(async (transaction) => {
      await database.query('select from users where id = $1 for update', [ada.id], transaction);
      await look();
      expect([(await written(ada)).length, (await written(grace)).length]).to.deep.equal([0, 1]);
    });
    await look();
    expect([(await written(ada)).length, (await written(grace)).length]).to.deep.equal([1, 1]);
  });

  it('goes past any number of them: those behind are written at the same look', async () => {
    const { database } = instance.context;
    const ada = await register();
    await instance.query(
      `insert into users (email, hashed_password) select 'crowd' || n || '@example.com', 'x' from generate_series(1, 1500) n`,
    );
    await database.transaction(async (transaction) => {
      await database.query("select from users where email like 'crowd%' for update", [], transaction);
      await instance.query(
        "insert into email_requests (user_id) select id from users where email like 'crowd%'",
      );
      await instance.query('insert into email_requests (user_id) select null from generate_series(1, 1500)');
      await ask(ada);
      await look();
      expect(await written(ada)).to.have.lengthOf(1);
      expect(await waiting()).to.equal(1500);
    });
  });

  it('writes each once, of many relays that look at the same time', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, register));
    for (const one of people) await ask(one);
    await instance.warmUp();
    await Promise.all(Array.from({ length: 10 }, look));
    await look();
    for (const one of people) expect(await written(one)).to.have.lengthOf(1);
  });
});
