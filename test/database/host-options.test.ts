import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { type Options, Sequelize, Transaction } from 'sequelize';
import sinon from 'sinon';
import { eraseUser } from '../../src/desk/erase-user.js';
import { explainUser } from '../../src/desk/explain-user.js';
import { exportUser } from '../../src/desk/export-user.js';
import { purgeUnverified } from '../../src/desk/purge-unverified.js';
import { revokeAllTokens } from '../../src/desk/revoke-all-tokens.js';
import { verifyUser } from '../../src/desk/verify-user.js';
import { giveBackLeases } from '../../src/outbox/leases.js';
import { signUpOnce } from '../../src/signup/sign-up-once.js';
import { signUpStatus } from '../../src/signup/find-keyed-sign-up.js';
import { inspectToken } from '../../src/verification/inspect-token.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createTestInstance, linkToken, type TestInstance, until } from '../fluentmeet/test-instance.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

const heard = sinon.spy();

/** What a host may have set for its own models; some of it Sequelize's types do not have. */
const settings: Record<string, object> = {
  omitNull: { omitNull: true },
  quoteIdentifiers: { quoteIdentifiers: false },
  minifyAliases: { minifyAliases: true },
  timezone: { timezone: '+05:30' },
  logging: { logging: heard, benchmark: true, logQueryParameters: true },
  isolationLevel: { isolationLevel: Transaction.ISOLATION_LEVELS.SERIALIZABLE },
  typeValidation: { typeValidation: true },
  standardConformingStrings: { standardConformingStrings: false },
  schema: { schema: 'elsewhere' },
  prependSearchPath: { dialectOptions: { prependSearchPath: true }, searchPath: 'pg_catalog' },
  query: { query: { raw: true, nest: true } },
  retry: { retry: { max: 3, match: [/./] } },
  define: {
    define: {
      underscored: true,
      paranoid: true,
      freezeTableName: false,
      version: true,
      omitNull: true,
      createdAt: 'made_at',
      defaultScope: { where: { id: -1 } },
      hooks: { beforeFind: () => expect.fail('a hook of the host') },
    },
  },
  hooks: {
    hooks: {
      beforeQuery: ({ instance, model }: { instance?: unknown; model?: unknown }) =>
        expect(instance ?? model, 'a hook of the host').to.equal(undefined),
      beforeCount: () => expect.fail('a hook of the host'),
      beforeBulkUpdate: () => expect.fail('a hook of the host'),
    },
  },
};
settings['all of them'] = Object.assign({}, ...Object.values(settings)) as object;

describe("a host's options of Sequelize", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
  });
  after(() => database.drop());

  for (const [name, options] of Object.entries(settings)) {
    it(`change nothing for us: ${name}`, async () => {
      heard.resetHistory();
      const host = new Sequelize(database.url, { logging: false, ...(options as Options) });
      const removed: number[] = [];
      const instance = createTestInstance(host, {
        databaseSchema: `schema_of_${name.replaceAll(' ', '_').toLowerCase()}`,
        proof: 'link-and-password',
        hooks: { onRemoved: ({ id }) => void removed.push(id) },
      });
      try {
        await instance.fluentmeet.migrate();
        await signUpAndVerify(instance);
        await doAsAnOperator(instance, removed);
        expect(heard.args.map(([line]) => String(line)).join('\n')).not.to.match(/example\.com|users/);
      } finally {
        await instance.stop();
        await host.close();
      }
    });
  }
});

async function signUpAndVerify(instance: TestInstance): Promise<void> {
  const { context, fluentmeet } = instance;
  const key = randomUUID();
  const input = { email: 'keyed@example.com', password: canaryPassword };
  const first = await signUpOnce(context, input, key);
  expect(await signUpOnce(context, input, key)).to.deep.equal(first);
  expect(await signUpStatus(context, key)).to.equal('pending');

  const ada = await instance.register('ada', { full_name: "Ada O'Brien\\" });
  expect(await inspectToken(context, ada.token)).to.equal('live');
  await fluentmeet.verifyEmail(ada.token, { password: canaryPassword });
  expect(await inspectToken(context, ada.token)).to.equal('verified');
  const account = await fluentmeet.findUserByEmail('ADA@example.com');
  expect(account).to.include({ is_verified: true, full_name: "Ada O'Brien\\" });
  expect(Math.abs(account!.created_at.getTime() - Date.now())).to.be.below(600_000);
  await instance.resend('keyed@example.com');

  await fluentmeet.start();
  // Ada's own is obsolete.
  await until(() => instance.publisher.published.length === 2, 'both emails were published');
  const [sent] = instance.publisher.published;
  expect(await inspectToken(context, linkToken(sent!))).to.equal('live');
  await until(async () => (await fluentmeet.stats()).emails.pending === 0, 'they were settled');
  const { replayed } = await fluentmeet.replayEmails({ email: 'keyed@example.com', status: 'published' });
  expect(replayed).to.have.lengthOf.above(0);
  await until(() => instance.publisher.published.length === 2 + replayed.length, 'it was replayed');
  await until(async () => (await fluentmeet.stats()).emails.pending === 0, 'it was settled');
}

async function doAsAnOperator(instance: TestInstance, removed: number[]): Promise<void> {
  const { context } = instance;
  await context.relay.stop();
  const table = context.database.table;
  const lease = randomUUID();
  const leaseOf = async (id: string) =>
    (
      await instance.query<{ lease_token: string | null; claims: number }>(
        `select lease_token, claims from ${table('email_outbox')} where id = $1`,
        [id],
      )
    )[0];
  const leased = async (id: string) => {
    await instance.query(
      `update ${table('email_outbox')}
       set status = 'pending', lease_token = $1, claims = 1, next_attempt_at = now() + interval '1 hour' where id = $2`,
      [lease, id],
    );
  };

  const grace = await instance.register('grace');
  await leased(grace.outboxId);
  const revoked = await revokeAllTokens(context);
  expect(revoked.revoked).to.be.above(0);
  expect(await leaseOf(grace.outboxId)).to.include({ lease_token: null });
  expect(await inspectToken(context, grace.token)).to.equal('expired');
  await leased(grace.outboxId);
  await giveBackLeases(context, [lease]);
  expect(await leaseOf(grace.outboxId)).to.deep.equal({ lease_token: null, claims: 0 });

  await instance.query(
    `update ${table('users')} set terms_accepted_at = now(), terms_version = '1' where id = $1`,
    [grace.id],
  );
  await verifyUser(context, { id: grace.id });
  const proved = await context.models.User.findByPk(grace.id, { include: ['tokens', 'emails'] });
  expect(proved).to.include({ is_verified: true, terms_accepted_at: null, terms_version: null });
  expect(proved).to.have.property('tokens').with.lengthOf(1);
  expect((await explainUser(context, { id: grace.id })).account).to.include({ id: grace.id });
  expect(await exportUser(context, { id: grace.id })).to.be.an('object');

  const linus = await instance.register('linus');
  await instance.query(`update ${table('users')} set created_at = now() - interval '1 year' where id = $1`, [
    linus.id,
  ]);
  await instance.query(`update ${table('verification_tokens')} set expires_at = now() where user_id = $1`, [
    linus.id,
  ]);
  await instance.query(`update ${table('email_outbox')} set status = 'published' where user_id = $1`, [
    linus.id,
  ]);
  const purged = await purgeUnverified(context, { olderThan: 86_400_000 });
  expect(purged).to.deep.equal({ purged: 1, kept: { liveLink: 0, unsentEmail: 0, held: 0 } });
  await eraseUser(context, { id: grace.id });
  expect(removed).to.deep.equal([linus.id, grace.id]);
}
