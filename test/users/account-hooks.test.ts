import { expect } from 'chai';
import { Sequelize, type Transaction } from 'sequelize';
import { eraseUser } from '../../src/desk/erase-user.js';
import { pruneHistory } from '../../src/desk/prune-history.js';
import { purgeUnverified } from '../../src/desk/purge-unverified.js';
import { verifyUser } from '../../src/desk/verify-user.js';
import { HookFailedError } from '../../src/errors.js';
import type { Hooks } from '../../src/hooks.js';
import { errorReply } from '../../src/http/error-reply.js';
import type { PublicProfile } from '../../src/users/public-profile.js';
import { disownAccount } from '../../src/verification/disown-account.js';
import {
  createMigratedInstance,
  createTestInstance,
  type Registered,
  rejection,
  type TestInstance,
} from '../fluentmeet/test-instance.js';

const day = 86_400_000;

describe("a host's rows that come and go with the account", () => {
  let instance: TestInstance & { url: string };
  let broken: Error | undefined;
  /** Whether a statement of the hook's fails, and it goes on: PostgreSQL has aborted the transaction then. */
  let caught = false;
  const told: string[] = [];
  const tell = async (what: string, account: PublicProfile, transaction: Transaction, sql: string) => {
    told.push(`${what} ${account.email}`);
    await instance.context.database.query(sql, [account.id], transaction);
    if (caught) await instance.context.database.query('select 1/0', [], transaction).catch(() => undefined);
    if (broken) throw broken;
  };
  const hooks: Hooks = {
    onVerified: (account, { transaction, by }) =>
      tell(`verified by ${by}`, account, transaction, 'insert into teams values ($1)'),
    onRemoved: (account, { transaction, by }) =>
      tell(`removed by ${by}`, account, transaction, 'delete from teams where owner = $1'),
  };
  before(async () => {
    instance = await createMigratedInstance({ hooks, unverifiedRetention: '30d' });
    await instance.query(
      'create table teams (owner bigint constraint teams_owner_fkey references users (id))',
    );
  });
  after(() => instance.stop());
  beforeEach(async () => {
    await instance.query('truncate users, teams cascade');
    told.length = 0;
    broken = undefined;
    caught = false;
  });

  const accounts = async () => (await instance.query('select from users')).length;
  const teams = async () => (await instance.query('select from teams')).length;
  const isVerified = async ({ id }: Registered) =>
    (await instance.query<{ is_verified: boolean }>('select is_verified from users where id = $1', [id]))[0]
      ?.is_verified;
  /** With a row of the host's, signed up long ago, told, and with no link any more. */
  async function forgotten(name: string): Promise<Registered> {
    const user = await instance.register(name);
    await instance.query('insert into teams values ($1)', [user.id]);
    await instance.query(`update users set created_at = now() - interval '40 days' where id = $1`, [user.id]);
    await instance.query('update verification_tokens set expires_at = now() where user_id = $1', [user.id]);
    await instance.query(`update email_outbox set status = 'published' where user_id = $1`, [user.id]);
    return user;
  }

  const verifying: [string, (user: Registered) => Promise<unknown>][] = [
    ['link', ({ token }) => instance.fluentmeet.verifyEmail(token)],
    ['operator', ({ id }) => verifyUser(instance.context, { id })],
  ];
  for (const [by, verify] of verifying) {
    it(`are told of a verification by ${by}, once`, async () => {
      const ada = await instance.register('ada');
      await verify(ada);
      await verify(ada);
      expect(told).to.deep.equal([`verified by ${by} ada@example.com`]);
      expect(await teams()).to.equal(1);
    });

    it(`leave the account unverified where the hook fails on a verification by ${by}`, async () => {
      const ada = await instance.register('ada');
      broken = new Error('the host is broken');
      const error = await rejection(verify(ada));
      expect(error).to.be.instanceOf(HookFailedError);
      expect(error).to.include({ code: 'HOOK_FAILED', hook: 'onVerified', cause: broken });
      expect(errorReply(error)).to.have.property('status', 500);
      expect(await isVerified(ada)).to.equal(false);
      expect(await teams()).to.equal(0);
      broken = undefined;
      await verify(ada);
      expect(await isVerified(ada)).to.equal(true);
    });

    it(`are a failure of the hook where it caught an SQL error on a verification by ${by}`, async () => {
      const ada = await instance.register('ada');
      caught = true;
      const error = await rejection(verify(ada));
      expect(error).to.include({ code: 'HOOK_FAILED', hook: 'onVerified' });
      expect(error.cause).to.have.property('sqlState', '25P02');
      expect(await isVerified(ada)).to.equal(false);
      caught = false;
      await verify(ada);
      expect(await isVerified(ada)).to.equal(true);
    });
  }

  it('end sessions kept elsewhere once the proof is committed, and not of one that is rolled back', async () => {
    const ada = await instance.register('ada');
    const seen: unknown[] = [];
    let fails = true;
    const ending = createTestInstance(instance.url, {
      hooks: {
        onVerified(_, { transaction }) {
          transaction.afterCommit(async () => void seen.push(await isVerified(ada)));
          if (fails) throw new Error('the host is broken');
        },
      },
    });
    try {
      await rejection(ending.fluentmeet.verifyEmail(ada.token));
      expect(seen).to.deep.equal([]);
      fails = false;
      await ending.fluentmeet.verifyEmail(ada.token);
      expect(seen).to.deep.equal([true]);
    } finally {
      await ending.stop();
    }
  });

  it('leave the account verified where what comes after the commit fails, and are not told again', async () => {
    const ada = await instance.register('ada');
    let tries = 0;
    const ending = createTestInstance(instance.url, {
      hooks: {
        onVerified(_, { transaction }) {
          transaction.afterCommit(async () => {
            tries += 1;
            throw new Error('the sessions are away');
          });
        },
      },
    });
    try {
      expect((await ending.fluentmeet.verifyEmail(ada.token)).status).to.equal('verified');
      expect(ending.events).to.include('hook.after-commit-failed');
      expect(await isVerified(ada)).to.equal(true);
      expect((await ending.fluentmeet.verifyEmail(ada.token)).status).to.equal('already-verified');
      expect(tries).to.equal(1);
    } finally {
      await ending.stop();
    }
  });

  it('are told once of twenty clicks at once', async () => {
    const ada = await instance.register('ada');
    await Promise.all(Array.from({ length: 20 }, () => instance.fluentmeet.verifyEmail(ada.token)));
    expect(told).to.deep.equal(['verified by link ada@example.com']);
  });

  it('run again where the transaction lost a race', async () => {
    const ada = await instance.register('ada');
    const { onVerified } = hooks;
    let runs = 0;
    const racing = createTestInstance(instance.url, {
      hooks: {
        async onVerified(account, event) {
          await onVerified?.(account, event);
          runs += 1;
          if (runs === 1) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
        },
      },
    });
    try {
      expect((await racing.fluentmeet.verifyEmail(ada.token)).status).to.equal('verified');
    } finally {
      await racing.stop();
    }
    expect(runs).to.equal(2);
    expect(await teams()).to.equal(1);
  });

  const removing: [string, () => Promise<Registered>, (user: Registered) => Promise<unknown>][] = [
    [
      'owner',
      async () => {
        const ada = await instance.register('ada');
        await instance.query('insert into teams values ($1)', [ada.id]);
        return ada;
      },
      ({ token }) => disownAccount(instance.context, token),
    ],
    ['erasure', () => forgotten('ada'), ({ id }) => eraseUser(instance.context, { id })],
    ['purge', () => forgotten('ada'), () => purgeUnverified(instance.context, { olderThan: 30 * day })],
    ['retention', () => forgotten('ada'), () => pruneHistory(instance.context, () => false)],
  ];
  for (const [by, make, remove] of removing) {
    it(`go before the account does, removed by ${by}`, async () => {
      const ada = await make();
      await remove(ada);
      expect(told).to.deep.equal([`removed by ${by} ada@example.com`]);
      expect([await accounts(), await teams()]).to.deep.equal([0, 0]);
    });

    it(`stay with the account where the hook fails on a removal by ${by}`, async () => {
      const ada = await make();
      broken = new Error('the host is broken');
      instance.events.length = 0;
      const isBulk = by === 'purge' || by === 'retention';
      if (isBulk) {
        await remove(ada);
        expect(instance.events).to.include('user.not-removed');
      } else expect(await rejection(remove(ada))).to.include({ hook: 'onRemoved', cause: broken });
      expect([await accounts(), await teams()]).to.deep.equal([1, 1]);
    });

    it(`stay with the account where the hook caught an SQL error on a removal by ${by}`, async () => {
      const ada = await make();
      caught = true;
      instance.events.length = 0;
      const outcome = await remove(ada).catch((error: unknown) => error);
      if (by === 'retention') expect(instance.events).to.include('user.not-removed');
      else if (by === 'purge') expect(outcome).to.have.nested.property('kept.held', 1);
      else expect(outcome).to.include({ code: 'HOOK_FAILED', hook: 'onRemoved' });
      expect([await accounts(), await teams()]).to.deep.equal([1, 1]);
    });
  }

  it('hold one account of a purge, and the others go', async () => {
    await forgotten('ada');
    const grace = await forgotten('grace');
    const hosts = createTestInstance(instance.url);
    try {
      await instance.query('delete from teams where owner = $1', [grace.id]);
      hosts.events.length = 0;
      const result = await purgeUnverified(hosts.context, { olderThan: 30 * day });
      expect(result).to.deep.equal({ purged: 1, kept: { liveLink: 0, unsentEmail: 0, held: 1 } });
      expect(hosts.events).to.include('user.not-removed');
    } finally {
      await hosts.stop();
    }
    expect(await accounts()).to.equal(1);
  });

  it('are not told of a dry run', async () => {
    const ada = await forgotten('ada');
    await eraseUser(instance.context, { id: ada.id }, { dryRun: true });
    await purgeUnverified(instance.context, { olderThan: 30 * day, dryRun: true });
    expect(told).to.deep.equal([]);
  });

  it("are written by a model of the host's, on the host's own connection", async () => {
    const hosts = new Sequelize(instance.url, { logging: false });
    const Team = hosts.define('teams', { owner: 'bigint' }, { timestamps: false });
    Team.removeAttribute('id');
    const own = createTestInstance(hosts, {
      hooks: {
        onVerified: async ({ id }, { transaction }) => {
          await Team.create({ owner: id }, { transaction, returning: false });
          // What may fail, in a savepoint: there is no such account.
          const failing = hosts.transaction({ transaction }, (savepoint) =>
            Team.create({ owner: -1 }, { transaction: savepoint, returning: false }),
          );
          expect((await rejection(failing)).name).to.equal('SequelizeForeignKeyConstraintError');
        },
      },
    });
    try {
      const ada = await own.register('ada');
      await own.fluentmeet.verifyEmail(ada.token);
      expect(await teams()).to.equal(1);
    } finally {
      await own.stop();
      await hosts.close();
    }
  });
});
