import { expect } from 'chai';
import { ServiceUnavailableError } from '../../src/errors.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createTestInstance, rejection, type TestInstance, until } from '../fluentmeet/test-instance.js';
import { startOwnPostgres } from '../support/postgres.js';

describe('while the database is away', function () {
  this.timeout(60_000);
  let server: Awaited<ReturnType<typeof startOwnPostgres>>;
  let instance: TestInstance;
  let made = 0;

  before(async () => {
    server = await startOwnPostgres();
    instance = createTestInstance(server.url, { databaseQueryTimeout: 1500 });
    await instance.fluentmeet.migrate();
    await instance.fluentmeet.start();
  });
  after(async () => {
    await instance.stop();
    await server.stop();
  });

  const signUp = () =>
    instance.fluentmeet.signUp({ email: `p${++made}@example.com`, password: canaryPassword });
  /** A claim whose answer was lost leaves a lease that nobody knows of. This is what the database looks like after it. */
  const passLeases = () =>
    instance.query('update email_outbox set next_attempt_at = now() where lease_token is not null');
  const allPublished = () =>
    until(async () => (await instance.fluentmeet.stats()).emails.pending === 0, 'all were published', 20_000);

  it('says so at the time limit where it does not answer, and works again when it does', async () => {
    await signUp();
    // A relay that has something to settle asks on, and pauses only after that.
    await allPublished();
    server.freeze();
    try {
      const started = performance.now();
      const errors = await Promise.all(Array.from({ length: 15 }, () => rejection(signUp())));
      // Twice 1.5 s, for those who wait for a connection of the others, and what a busy machine adds.
      expect(performance.now() - started).to.be.below(6_000);
      for (const error of errors) expect(error).to.be.instanceOf(ServiceUnavailableError);
      await until(() => instance.context.relay.state === 'away', 'the relay away');
    } finally {
      server.thaw();
    }
    await until(() => signUp().then(Boolean, () => false), 'a signup went through', 10_000);
    await until(() => instance.context.relay.state === 'running', 'the relay went on');
    await passLeases();
    await allPublished();
  });

  it('loses no email and publishes none twice when it is killed and comes back', async () => {
    for (let index = 0; index < 20; index++) await signUp();
    await server.kill();
    expect(await rejection(signUp())).to.be.instanceOf(ServiceUnavailableError);
    await server.restart();
    await until(() => signUp().then(Boolean, () => false), 'a signup went through', 10_000);
    await until(() => instance.context.relay.state === 'running', 'the relay went on');
    await passLeases();
    await allPublished();
    const owed = await instance.query<{ event_id: string }>('select event_id from email_outbox');
    const ids = instance.publisher.published.map(({ headers }) => headers['event-id']);
    expect(new Set(ids)).to.deep.equal(new Set(owed.map(({ event_id }) => event_id)));
  });

  it('writes down what was published before it went, and publishes it no second time', async () => {
    const before = instance.publisher.published.length;
    let went: Promise<void> | undefined;
    instance.publisher.answer = async () => {
      // Between the publishing and the settling.
      went ??= server.kill();
      await went;
      return { status: 'published' };
    };
    const { id } = await signUp();
    await until(() => instance.publisher.published.length > before, 'it was published');
    await new Promise((resolve) => setTimeout(resolve, 600));
    await server.restart();
    await until(
      async () =>
        (
          await instance
            .query(`select from email_outbox where user_id = $1 and status = 'published'`, [id])
            .catch(() => [])
        ).length === 1,
      'it was settled',
      20_000,
    );
    await allPublished();
    expect(instance.publisher.published.filter(({ key }) => key === String(id))).to.have.lengthOf(1);
  });
});
