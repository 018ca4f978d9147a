import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import sinon from 'sinon';
import { claimEmails, leaseDuration } from '../../src/outbox/claim-emails.js';
import { pruneEmails } from '../../src/outbox/prune-emails.js';
import { publishBatch } from '../../src/relay/publish-batch.js';
import { publishNow } from '../../src/relay/publish-now.js';
import { reissueLinks } from '../../src/relay/reissue-links.js';
import { giveBackLeases, renewLeases } from '../../src/outbox/leases.js';
import { settleEmails } from '../../src/outbox/settle-emails.js';
import { eraseUser } from '../../src/desk/erase-user.js';
import { ServiceUnavailableError, ValidationError } from '../../src/errors.js';
import {
  createMigratedInstance,
  createTestInstance,
  linkToken,
  rejection,
  type Registered,
  type TestInstance,
  until,
} from '../fluentmeet/test-instance.js';

interface Row {
  id: string;
  event_id: string;
  status: string;
  attempts: number;
  claims: number;
  lease_token: string | null;
  last_error: string | null;
  published_at: Date | null;
  due: boolean;
}

describe('the outbox', () => {
  let instance: TestInstance & { url: string };
  let made = 0;
  before(async () => (instance = await createMigratedInstance({ emailMaxAttempts: 3 })));
  after(() => instance.stop());
  beforeEach(async () => {
    await instance.query('truncate users cascade');
    instance.publisher.batches.length = 0;
    instance.publisher.published.length = 0;
    instance.publisher.answer = () => ({ status: 'published' });
  });

  const register = () => instance.register(`person${++made}`);
  const claim = (limit = 10, kind: 'healthy' | 'suspect' = 'healthy') =>
    claimEmails(instance.context, { limit, kind });
  const publish = async (kind: 'healthy' | 'suspect' = 'healthy') =>
    publishBatch(instance.context, instance.publisher, await claim(10, kind), new AbortController().signal);
  const rows = () =>
    instance.query<Row>('select *, next_attempt_at <= now() as due from email_outbox order by id');
  const row = async ({ outboxId }: Registered) => (await rows()).find(({ id }) => id === outboxId)!;
  const endLeases = () =>
    instance.query(`update email_outbox set next_attempt_at = now() where lease_token is not null`);

  /** Many rows at once, as they are after a while in production. */
  async function history(count: number, status: string, createdAgo = '1 hour'): Promise<void> {
    await instance.query(
      `with u as (
         insert into users (email, hashed_password) select 'history-${++made}-' || n || '@example.com', 'x'
         from generate_series(1, $1) n returning id
       )
       insert into email_outbox (event_id, user_id, template, status, created_at, next_attempt_at)
       select gen_random_uuid(), id, 'account-exists', $2, now() - $3::interval, now() - $3::interval from u`,
      [count, status, createdAgo],
    );
  }

  describe('claiming', () => {
    it('leases the oldest first, up to the limit, with all that a message is made of', async () => {
      const [ada, grace] = [await register(), await register()];
      await register();
      const batch = await claim(2);
      expect(batch.emails.map(({ id }) => id)).to.deep.equal([ada.outboxId, grace.outboxId]);
      expect(batch.emails[0]).to.deep.include({
        event_id: ada.eventId,
        user_id: String(ada.id),
        verification_token_id: ada.tokenId,
        token_live: true,
        email: ada.email,
        full_name: null,
        listening_language: 'en',
        is_verified: false,
        is_gone: false,
        claims: 1,
      });
      expect(await row(ada)).to.include({
        lease_token: batch.leaseToken,
        claims: 1,
        attempts: 0,
        due: false,
      });
      const [{ seconds }] = (await instance.query<{ seconds: number }>(
        `select extract(epoch from next_attempt_at - now())::float as seconds from email_outbox where id = $1`,
        [ada.outboxId],
      )) as [{ seconds: number }];
      expect(seconds).to.be.within(leaseDuration / 1000 - 5, leaseDuration / 1000);
    });

    it('never gives a row to two claimers, however many claim at once', async () => {
      await history(300, 'pending');
      await instance.warmUp();
      const batches = await Promise.all(Array.from({ length: 10 }, () => claim(50)));
      const ids = batches.flatMap(({ emails }) => emails.map(({ id }) => id));
      expect(new Set(ids).size).to.equal(ids.length);
      expect(ids.length + (await claim(500)).emails.length).to.equal(300);
    });

    it('takes over a lease that ran out, and not a moment earlier', async () => {
      const ada = await register();
      await claim();
      expect((await claim()).emails).to.deep.equal([]);
      await endLeases();
      const second = await claim();
      expect(second.emails.map(({ id }) => id)).to.deep.equal([ada.outboxId]);
      expect((await row(ada)).lease_token).to.equal(second.leaseToken);
    });

    it('goes through the partial index alone, whatever the history', async () => {
      await history(5_000, 'published');
      await register();
      await instance.query('analyze email_outbox');
      const plans = await explainClaim(instance);
      expect(plans).to.match(/email_outbox_pending/);
      expect(plans).not.to.match(/Seq Scan on email_outbox\b/);
    });

    it('looks a backlog up by its keys, and reads no other users and tokens', async () => {
      await history(5_000, 'pending');
      await instance.query(
        `insert into verification_tokens (id, user_id, token_hash, expires_at)
         select gen_random_uuid(), id, sha256(id::text::bytea), now() from users`,
      );
      await instance.query('analyze');
      expect(await explainClaim(instance, 500)).not.to.match(/Seq Scan on (?!relay_pause)/);
    });

    it('leaves to others what is not due, dead, published or obsolete', async () => {
      for (const status of ['dead', 'published', 'obsolete']) await history(1, status);
      const ada = await register();
      await instance.query(
        `update email_outbox set next_attempt_at = now() + interval '1 second' where id = $1`,
        [ada.outboxId],
      );
      expect((await claim()).emails).to.deep.equal([]);
    });
  });

  describe('settling', () => {
    it('changes nothing by a lease that was lost, and says so', async () => {
      const ada = await register();
      const lost = await claim();
      await endLeases();
      const held = await claim();
      for (const settlement of [
        { id: ada.outboxId, status: 'published' },
        { id: ada.outboxId, status: 'given-back' },
        { id: ada.outboxId, status: 'dead', error: 'x' },
      ] as const) {
        expect(await settleEmails(instance.context, lost.leaseToken, [settlement])).to.deep.equal([]);
      }
      await instance.query('update email_outbox set next_attempt_at = now()');
      await renewLeases(instance.context, lost.leaseToken, [ada.outboxId]);
      expect(await row(ada)).to.include({
        status: 'pending',
        lease_token: held.leaseToken,
        claims: 2,
        due: true,
      });
    });

    it('ends published with its time and without its old error', async () => {
      const ada = await register();
      await instance.query(
        `update email_outbox set last_error = 'was refused once', attempts = 1, claims = 1`,
      );
      const { leaseToken } = await claim(1, 'suspect');
      await settleEmails(instance.context, leaseToken, [{ id: ada.outboxId, status: 'published' }]);
      expect(await row(ada)).to.include({
        status: 'published',
        lease_token: null,
        last_error: null,
        attempts: 1,
      });
      expect((await row(ada)).published_at).to.be.instanceOf(Date);
    });

    it('makes what is given back as if it had never been claimed', async () => {
      const ada = await register();
      const { leaseToken } = await claim();
      await settleEmails(instance.context, leaseToken, [{ id: ada.outboxId, status: 'given-back' }]);
      expect(await row(ada)).to.include({
        status: 'pending',
        claims: 0,
        attempts: 0,
        lease_token: null,
        due: true,
      });
    });

    it('spends one attempt of a rejected email, and ends it dead with its error after the last', async () => {
      const ada = await register();
      for (let attempt = 1; attempt <= 3; attempt++) {
        const { leaseToken } = await claim(1, attempt === 1 ? 'healthy' : 'suspect');
        await settleEmails(instance.context, leaseToken, [
          { id: ada.outboxId, status: 'rejected', error: `too large ${attempt}`, backoff: 60_000 },
        ]);
        expect(await row(ada)).to.include({
          status: attempt < 3 ? 'pending' : 'dead',
          attempts: attempt,
          last_error: `too large ${attempt}`,
          due: false,
        });
        await instance.query('update email_outbox set next_attempt_at = now()');
      }
      expect((await claim(1, 'suspect')).emails).to.deep.equal([]);
    });

    it('settles each row by its own result', async () => {
      const people = [await register(), await register(), await register(), await register()];
      const { leaseToken } = await claim();
      const [one, two, three, four] = people.map(({ outboxId }) => outboxId) as [
        string,
        string,
        string,
        string,
      ];
      await settleEmails(instance.context, leaseToken, [
        { id: four, status: 'rejected', error: 'e', backoff: 0 },
        { id: one, status: 'published' },
        { id: three, status: 'given-back' },
        { id: two, status: 'obsolete' },
      ]);
      expect((await rows()).map(({ status, attempts, claims }) => [status, attempts, claims])).to.deep.equal([
        ['published', 0, 1],
        ['obsolete', 0, 1],
        ['pending', 0, 0],
        ['pending', 1, 1],
      ]);
    });

    it('lets others go before what is given back, at which the publisher may have broken off', async () => {
      const [ada, bob] = [await register(), await register()];
      const { leaseToken, emails } = await claim(1);
      expect(emails.map(({ id }) => id)).to.deep.equal([ada.outboxId]);
      await settleEmails(instance.context, leaseToken, [{ id: ada.outboxId, status: 'given-back' }]);
      expect((await claim(1)).emails.map(({ id }) => id)).to.deep.equal([bob.outboxId]);
      expect((await claim(1)).emails.map(({ id }) => id)).to.deep.equal([ada.outboxId]);
    });

    it('keeps the age of what is given back: since it was due, whenever it was written', async () => {
      const ada = await register();
      await instance.query(
        `update email_outbox set created_at = now() - interval '3 days', due_at = now() - interval '1 minute'`,
      );
      const { leaseToken } = await claim();
      const oldest = async () => (await instance.fluentmeet.stats()).emails.oldestPendingSeconds;
      expect(await oldest(), 'while it is leased').to.be.within(60, 90);
      await settleEmails(instance.context, leaseToken, [{ id: ada.outboxId, status: 'given-back' }]);
      expect(await oldest()).to.be.within(60, 90);
      await claim();
      await giveBackLeases(instance.context, [(await row(ada)).lease_token!]);
      expect(await row(ada)).to.include({ due: true, lease_token: null, claims: 0 });
      expect(await oldest()).to.be.within(60, 90);
    });

    it('counts a failed one from its next attempt', async () => {
      const ada = await register();
      await instance.query(`update email_outbox set created_at = now() - interval '3 days'`);
      const { leaseToken } = await claim();
      await settleEmails(instance.context, leaseToken, [
        { id: ada.outboxId, status: 'rejected', error: 'e', backoff: 60_000 },
      ]);
      expect((await instance.fluentmeet.stats()).emails.oldestPendingSeconds).to.equal(0);
    });

    it('renews a lease that is ours', async () => {
      const ada = await register();
      const { leaseToken } = await claim();
      await endLeases();
      await renewLeases(instance.context, leaseToken, [ada.outboxId]);
      expect(await row(ada)).to.include({ due: false, lease_token: leaseToken });
    });
  });

  describe('a row that failed', () => {
    it('is claimed alone from then on, so that what it does to a publisher happens to no other', async () => {
      const people = [await register(), await register()];
      const { leaseToken } = await claim();
      await settleEmails(instance.context, leaseToken, [
        { id: people[0]!.outboxId, status: 'rejected', error: 'e', backoff: 0 },
        { id: people[1]!.outboxId, status: 'given-back' },
      ]);
      expect((await claim()).emails.map(({ id }) => id)).to.deep.equal([people[1]!.outboxId]);
      expect((await claim(10, 'suspect')).emails.map(({ id }) => id)).to.deep.equal([people[0]!.outboxId]);
    });
  });

  describe('a row that kills its relay', () => {
    it('is claimed alone after two claims without a result, and its neighbours with it no longer', async () => {
      const people = [await register(), await register(), await register()];
      for (let death = 0; death < 2; death++) {
        expect((await claim()).emails).to.have.lengthOf(3);
        await endLeases();
      }
      expect((await claim()).emails).to.deep.equal([]);
      const alone = await claim(10, 'suspect');
      expect(alone.emails.map(({ id }) => id)).to.deep.equal([people[0]!.outboxId]);
    });

    it('ends dead, while its neighbours are published and what comes after it is not held up', async () => {
      const people = [await register(), await register(), await register()];
      const [, deadly] = people;
      let late: Registered | undefined;
      // What a kill -9 leaves behind: claimed, and nothing more.
      for (let death = 0; death < 2; death++) {
        await claim();
        await endLeases();
      }
      instance.publisher.answer = async ({ value }) => {
        if (value.to === deadly!.email) throw new Error('here the process would have died');
        return { status: 'published' };
      };
      for (let round = 0; round < 20; round++) {
        const batch = await claim(1, 'suspect');
        const email = batch.emails[0];
        if (!email) break;
        if (email.id === deadly!.outboxId && email.claims - email.attempts - 1 < 5) {
          await endLeases(); // killed again
          late ??= await register();
          continue;
        }
        await publishBatch(instance.context, instance.publisher, batch, new AbortController().signal);
      }
      await publish();
      expect(await row(deadly!)).to.include({
        status: 'dead',
        last_error: 'claimed 5 times without a result',
      });
      for (const person of [people[0]!, people[2]!, late!])
        expect((await row(person)).status).to.equal('published');
      expect(instance.publisher.published).to.have.lengthOf(3);
      expect((await instance.fluentmeet.stats()).emails).to.include({ pending: 0, dead: 1 });
    });

    it('does not make suspects of rows that an outage gave back again and again', async () => {
      await register();
      instance.publisher.answer = () => ({ status: 'unavailable', error: new Error('no broker') });
      for (let round = 0; round < 5; round++) await publish();
      expect((await rows())[0]).to.include({ attempts: 0, claims: 0, status: 'pending' });
      expect((await claim()).emails).to.have.lengthOf(1);
    });
  });

  describe('a link that would not work', () => {
    it('is made afresh where it expired while it waited, under a new event id, and works', async () => {
      const ada = await register();
      await instance.query('update verification_tokens set expires_at = now()');
      await publish();
      const [sent] = instance.publisher.published;
      const after = await row(ada);
      expect(after).to.include({ status: 'published', event_id: sent!.headers['event-id'] });
      expect(after.event_id).not.to.equal(ada.eventId);
      expect(linkToken(sent!)).not.to.equal(ada.token);
      expect((await instance.fluentmeet.verifyEmail(linkToken(sent!))).status).to.equal('verified');
    });

    it('is made afresh where it would be nearly over when it arrives, however long its email was held', async () => {
      const ada = await register();
      const halfOver = `expires_at = now() + interval '11 hours 59 minutes'`;
      await instance.query(`update verification_tokens set ${halfOver}`);
      await instance.query(`update email_outbox set status = 'held'`);
      await publish();
      const [sent] = instance.publisher.published;
      expect(linkToken(sent!)).not.to.equal(ada.token);
      const left = Date.parse(sent!.headers['expires-at']!) - Date.now();
      expect(left).to.be.greaterThan(23 * 3_600_000);
    });

    it('stays where the email may be published already, so that its event id tells', async () => {
      const ada = await register();
      await instance.query(
        `update verification_tokens set expires_at = now() + interval '11 hours 59 minutes'`,
      );
      await claim();
      await endLeases();
      await publish();
      const [sent] = instance.publisher.published;
      expect(sent!.headers['event-id']).to.equal(ada.eventId);
      expect(linkToken(sent!)).to.equal(ada.token);
    });

    it('is made afresh where the secret was changed meanwhile', async () => {
      const ada = await register();
      const other = createTestInstance(instance.url, { secret: 'another secret, 32 characters and more' });
      try {
        await publishBatch(
          other.context,
          other.publisher,
          await claimEmails(other.context, { limit: 10, kind: 'healthy' }),
          new AbortController().signal,
        );
        const [sent] = other.publisher.published;
        expect(sent!.headers['event-id']).not.to.equal(ada.eventId);
        expect((await other.fluentmeet.verifyEmail(linkToken(sent!))).status).to.equal('verified');
        // The earlier one was derived with the old secret, and is known by its hash all the same.
        expect((await other.fluentmeet.verifyEmail(ada.token)).status).to.equal('already-verified');
      } finally {
        await other.stop();
      }
    });

    it('keeps its event id across retries where nothing changed', async () => {
      const ada = await register();
      instance.publisher.answer = () => ({ status: 'rejected', error: new Error('for now') });
      await publish();
      instance.publisher.answer = () => ({ status: 'published' });
      await instance.query('update email_outbox set next_attempt_at = now()');
      await publish('suspect');
      const ids = instance.publisher.batches.flat().map(({ headers }) => headers['event-id']);
      expect(ids).to.deep.equal([ada.eventId, ada.eventId]);
    });

    it('is not made afresh by a relay that lost the lease', async () => {
      const ada = await register();
      await instance.query('update verification_tokens set expires_at = now()');
      const lost = await claim();
      await endLeases();
      await claim();
      expect(await reissueLinks(instance.context, lost.leaseToken, lost.emails)).to.deep.equal([]);
      expect(await instance.query('select from verification_tokens')).to.have.lengthOf(1);
      expect((await row(ada)).event_id).to.equal(ada.eventId);
    });
  });

  describe('a link that would not work, of an account that somebody holds', () => {
    const expire = () => instance.query('update verification_tokens set expires_at = now()');

    it('waits for the next look, and spends nothing; the others of its batch go at once', async () => {
      const [ada, grace] = [await register(), await register()];
      await expire();
      const { database } = instance.context;
      await database.transaction(async (transaction) => {
        await database.query('select from users where id = $1 for update', [ada.id], transaction);
        const began = performance.now();
        await publish();
        expect(performance.now() - began).to.be.lessThan(5_000);
        expect(instance.publisher.published.map(({ value }) => value.to)).to.deep.equal([grace.email]);
        expect(await row(ada)).to.include({
          status: 'pending',
          attempts: 0,
          claims: 0,
          lease_token: null,
          event_id: ada.eventId,
          // Not at once, over and over.
          due: false,
        });
      });
      await instance.query('update email_outbox set next_attempt_at = now()');
      await publish();
      expect(instance.publisher.published.map(({ value }) => value.to)).to.deep.equal([
        grace.email,
        ada.email,
      ]);
    });

    it('is no deadlock with its removal, and the hook runs once', async () => {
      const ada = await register();
      await expire();
      let told = 0;
      const hooks = {
        async onRemoved() {
          told += 1;
          await publish();
        },
      };
      const removing = createTestInstance(instance.url, { hooks });
      try {
        await eraseUser(removing.context, { id: ada.id });
      } finally {
        await removing.stop();
      }
      expect(told).to.equal(1);
      expect(instance.publisher.published).to.deep.equal([]);
      expect(await rows()).to.deep.equal([]);
    });

    it('stays claimed with its batch where no link can be made at all: which is at fault shows once each is claimed alone', async () => {
      const ada = await register();
      await expire();
      const impatient = createTestInstance(instance.url, { databaseQueryTimeout: '1s' });
      const { database } = instance.context;
      try {
        await database.transaction(async (transaction) => {
          await database.query('lock table verification_tokens in share mode', [], transaction);
          const batch = await claimEmails(impatient.context, { limit: 10, kind: 'healthy' });
          const publishing = publishBatch(
            impatient.context,
            impatient.publisher,
            batch,
            new AbortController().signal,
          );
          expect(await rejection(publishing)).to.be.instanceOf(ServiceUnavailableError);
          expect(await row(ada)).to.include({
            status: 'pending',
            claims: 1,
            attempts: 0,
            lease_token: batch.leaseToken,
          });
        });
      } finally {
        await impatient.stop();
      }
    });
  });

  describe('an email that nobody wants any more', () => {
    for (const [what, change] of [
      ['verified', 'is_verified = true'],
      ['deleted', 'deleted_at = now()'],
      ['inactive', 'is_active = false'],
    ] as const) {
      it(`becomes obsolete, unpublished, where its user is ${what} meanwhile`, async () => {
        const ada = await register();
        await instance.query(`update users set ${change}`);
        await publish();
        expect((await row(ada)).status).to.equal('obsolete');
        expect(instance.publisher.batches).to.deep.equal([]);
      });
    }

    it('is not sent to the holder of a link who verified by another one', async () => {
      const ada = await register();
      await instance.fluentmeet.verifyEmail(ada.token);
      await publish();
      expect((await row(ada)).status).to.equal('obsolete');
    });
  });

  describe('pruning', () => {
    const prune = () =>
      pruneEmails(instance.context, { statuses: ['published', 'obsolete'], olderThan: 30 * 86_400_000 });

    it('removes published and obsolete rows after their time, dead and pending ones never', async () => {
      for (const status of ['published', 'obsolete', 'dead', 'pending']) {
        await history(1, status, '31 days');
        await history(1, status, '29 days');
      }
      expect(await prune()).to.equal(2);
      const left = await instance.query<{ status: string }>('select status from email_outbox order by id');
      expect(left.map(({ status }) => status)).to.deep.equal([
        'published',
        'obsolete',
        'dead',
        'dead',
        'pending',
        'pending',
      ]);
    });

    it('goes on past old rows that stay, chunk after chunk', async () => {
      await history(1_100, 'dead', '40 days');
      await history(1_100, 'published', '35 days');
      expect(await prune()).to.equal(1_100);
      expect(await prune()).to.equal(0);
    });
  });

  describe('replaying', () => {
    const replay = (...args: Parameters<TestInstance['fluentmeet']['replayEmails']>) =>
      instance.fluentmeet.replayEmails(...args);

    async function make(status: string): Promise<Registered> {
      const person = await register();
      await instance.query(
        `update email_outbox set status = $2, attempts = 3, claims = 5, last_error = 'too large',
           published_at = case when $2 = 'published' then now() end where id = $1`,
        [person.outboxId, status],
      );
      return person;
    }

    it('puts the dead ones back, due at once with all their attempts, under the same event id', async () => {
      const ada = await make('dead');
      const grace = await make('published');
      const { replayed, skipped } = await replay();
      expect(replayed).to.have.lengthOf(1);
      expect(replayed[0]).to.include({
        id: Number(ada.outboxId),
        userId: ada.id,
        status: 'dead',
        attempts: 3,
        lastError: 'too large',
      });
      expect(skipped).to.deep.equal([]);
      expect(await row(ada)).to.include({
        status: 'pending',
        attempts: 0,
        claims: 0,
        due: true,
        event_id: ada.eventId,
      });
      expect((await row(grace)).status).to.equal('published');
      await publish();
      expect(instance.publisher.published.map(({ headers }) => headers['event-id'])).to.deep.equal([
        ada.eventId,
      ]);
    });

    it('gives what was published a new event id: to a consumer it is a new email', async () => {
      const ada = await make('published');
      const ids = [Number(ada.outboxId)];
      expect((await replay({ ids })).replayed).to.deep.equal([]);
      await replay({ ids, status: 'published' });
      const after = await row(ada);
      expect(after).to.include({ status: 'pending', published_at: null });
      expect(after.event_id).not.to.equal(ada.eventId);
    });

    it('may run twice and in parallel: each email is published once more, not twice', async () => {
      const ada = await make('published');
      const ids = [Number(ada.outboxId)];
      await Promise.all(Array.from({ length: 8 }, () => replay({ ids, status: 'published' })));
      await publish();
      await publish();
      expect(instance.publisher.published).to.have.lengthOf(1);
    });

    it('changes nothing in a dry run', async () => {
      const ada = await make('dead');
      const { replayed } = await replay({}, { dryRun: true });
      expect(replayed.map(({ id }) => id)).to.deep.equal([Number(ada.outboxId)]);
      expect(await row(ada)).to.include({ status: 'dead', attempts: 3 });
    });

    it('chooses by status, time, address and number, added up', async () => {
      const people = [await make('dead'), await make('dead'), await make('dead')];
      await instance.query(`update email_outbox set created_at = now() - interval '1 day' where id = $1`, [
        people[0]!.outboxId,
      ]);
      const chosen = async (filter: Parameters<typeof replay>[0]) =>
        (await replay(filter, { dryRun: true })).replayed.map(({ id }) => String(id));
      const ids = people.map(({ outboxId }) => outboxId);
      expect(await chosen({})).to.deep.equal(ids);
      expect(await chosen({ since: new Date(Date.now() - 3_600_000) })).to.deep.equal(ids.slice(1));
      expect(await chosen({ limit: 2 })).to.deep.equal(ids.slice(0, 2));
      expect(await chosen({ email: ` ${people[1]!.email.toUpperCase()}` })).to.deep.equal([ids[1]]);
      expect(await chosen({ status: 'published' })).to.deep.equal([]);
      expect(await rejection(replay({ email: 'no address' }))).to.be.instanceOf(ValidationError);
    });

    it('says of each email chosen by its id why it was left alone', async () => {
      const [verified, held] = [await make('published'), await register()];
      await instance.query('update users set is_verified = true where id = $1', [verified.id]);
      await claim();
      const { replayed, skipped } = await replay({
        ids: [Number(verified.outboxId), Number(held.outboxId), 999_999],
      });
      expect(replayed).to.deep.equal([]);
      expect(skipped.map(({ reason }) => reason)).to.deep.equal(['unwanted', 'leased', 'missing']);
    });
  });

  describe('publishing now, without a relay', () => {
    it('publishes these emails and no others', async () => {
      const [ada, grace] = [await register(), await register()];
      const progress: number[] = [];
      const result = await publishNow(instance.context, instance.publisher, [ada.outboxId], {
        patience: 5_000,
        onProgress: (done) => progress.push(done),
      });
      expect(result).to.have.lengthOf(1);
      expect(result[0]).to.include({ id: Number(ada.outboxId), status: 'published', error: null });
      expect((await row(grace)).status).to.equal('pending');
      expect(progress).to.deep.equal([1]);
    });

    it('says that they are pending, and why, in an outage, and leaves them to a relay at once', async () => {
      const ada = await register();
      instance.publisher.answer = () => ({ status: 'unavailable', error: new Error('no broker') });
      const result = await publishNow(instance.context, instance.publisher, [ada.outboxId], {
        patience: 5_000,
      });
      expect(result).to.have.lengthOf(1);
      expect(result[0]).to.include({ id: Number(ada.outboxId), status: 'pending', error: 'no broker' });
      expect(await row(ada)).to.include({ lease_token: null, due: true });
    });

    it('looks again at one whose account somebody holds, while its patience lasts', async () => {
      const [ada, grace] = [await register(), await register()];
      await instance.query('update verification_tokens set expires_at = now()');
      const { database } = instance.context;
      let now: ReturnType<typeof publishNow> | undefined;
      await database.transaction(async (transaction) => {
        await database.query('select from users where id = $1 for update', [ada.id], transaction);
        now = publishNow(instance.context, instance.publisher, [ada.outboxId, grace.outboxId], {
          patience: 5_000,
        });
        await until(() => instance.publisher.published.length === 1, 'the other one');
        const looks = sinon.spy(database, 'query');
        try {
          await sleep(500);
          // Not without a pause: a few statements a look.
          expect(looks.callCount).to.be.below(30);
        } finally {
          looks.restore();
        }
      });
      expect((await now)?.map(({ status }) => status)).to.deep.equal(['published', 'published']);
    });

    it('lets a relay that has them finish, and publishes none twice', async () => {
      const ada = await register();
      const held = await claim();
      const now = publishNow(instance.context, instance.publisher, [ada.outboxId], { patience: 5_000 });
      await publishBatch(instance.context, instance.publisher, held, new AbortController().signal);
      expect((await now).map(({ status }) => status)).to.deep.equal(['published']);
      expect(instance.publisher.published).to.have.lengthOf(1);
    });
  });

  it('tells how many are pending and dead, and how long the oldest waits', async () => {
    expect((await instance.fluentmeet.stats()).emails).to.deep.equal({
      pending: 0,
      held: 0,
      dead: 0,
      heldForDomains: 0,
      oldestPendingSeconds: 0,
    });
    await history(2, 'pending', '90 seconds');
    await history(3, 'dead');
    await history(4, 'published');
    const { emails } = await instance.fluentmeet.stats();
    expect(emails).to.include({ pending: 2, dead: 3 });
    expect(emails.oldestPendingSeconds).to.be.within(90, 120);
  });

  it('goes by the clock that a test hands in', async () => {
    let now = new Date('2030-01-01T00:00:00.000Z');
    const timed = await createMigratedInstance({ clock: () => now, tokenTtl: '1h' });
    try {
      const ada = await timed.register('ada');
      const [{ created_at }] = (await timed.query('select created_at from users')) as [{ created_at: Date }];
      expect(created_at.toISOString()).to.equal('2030-01-01T00:00:00.000Z');
      const first = await claimEmails(timed.context, { limit: 1, kind: 'healthy' });
      expect(first.emails).to.have.lengthOf(1);
      now = new Date('2030-01-01T00:00:29.999Z');
      expect((await claimEmails(timed.context, { limit: 1, kind: 'healthy' })).emails).to.deep.equal([]);
      now = new Date('2030-01-01T00:00:30.000Z');
      expect((await claimEmails(timed.context, { limit: 1, kind: 'healthy' })).emails).to.have.lengthOf(1);
      now = new Date('2030-01-01T01:00:00.000Z');
      expect((await rejection(timed.fluentmeet.verifyEmail(ada.token))).code).to.equal('TOKEN_EXPIRED');
      now = new Date('2030-01-01T00:59:59.999Z');
      expect((await timed.fluentmeet.verifyEmail(ada.token)).status).to.equal('verified');
    } finally {
      await timed.stop();
    }
  });

  it('is emptied by three relays at once, each email once', async () => {
    await history(1_500, 'pending');
    const relays = Array.from({ length: 3 }, () => createTestInstance(instance.url));
    try {
      await Promise.all(relays.map(({ fluentmeet }) => fluentmeet.start()));
      await until(
        async () => (await instance.fluentmeet.stats()).emails.pending === 0,
        'nothing was pending',
        20_000,
      );
      const ids = relays.flatMap(({ publisher }) =>
        publisher.published.map(({ headers }) => headers['event-id']),
      );
      expect(ids).to.have.lengthOf(1_500);
      expect(new Set(ids).size).to.equal(1_500);
    } finally {
      await Promise.all(relays.map((relay) => relay.stop()));
    }
  });
});

/** The plan of the claim as it runs: the very statement, as PostgreSQL's own log of plans would have it. */
async function explainClaim({ context }: TestInstance, limit = 100): Promise<string> {
  let statement: [string, unknown[]] | undefined;
  const spied = {
    ...context,
    database: {
      ...context.database,
      query: (sql: string, bind: unknown[]) => {
        statement = [sql, bind];
        return Promise.resolve([]);
      },
    },
  };
  await claimEmails(spied, { limit, kind: 'healthy' });
  const [sql, bind] = statement!;
  const plan = await context.database.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, bind);
  return plan.map((line) => line['QUERY PLAN']).join('\n');
}
