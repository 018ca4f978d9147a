import { expect } from 'chai';
import { pruneByHand } from '../../src/desk/prune-by-hand.js';
import { purgeUnverified } from '../../src/desk/purge-unverified.js';
import { replayAndPublish } from '../../src/desk/replay-and-publish.js';
import { revokeAllTokens } from '../../src/desk/revoke-all-tokens.js';
import { ServiceUnavailableError } from '../../src/errors.js';
import type { Internals } from '../../src/fluentmeet.js';
import { captureLogger } from '../support/log-capture.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';
import { manyEmails } from './emails-on-hand.js';

/** More than one part of any act. */
const people = 1_200;
const day = 86_400_000;

describe('the log of an act that goes part by part', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(async () => {
    await instance.query('truncate users cascade');
    await manyEmails(instance, people);
    await instance.query(
      `insert into verification_tokens (id, user_id, token_hash, created_at, expires_at)
       select gen_random_uuid(), (select min(id) from users), sha256(n::text::bytea), now(), now() + interval '1 day'
       from generate_series(1, 6000) n`,
    );
  });

  interface Act {
    event: string;
    /** SQL of its parts. */
    part: RegExp;
    message: string;
    done: object;
    run: (context: Internals, signal: AbortSignal) => Promise<unknown>;
    prepare?: string[];
  }
  const old = "created_at = now() - interval '40 days'";
  const acts: Act[] = [
    {
      event: 'operator.tokens-revoked',
      part: /set expires_at = t\.created_at/,
      message: 'Verification links revoked',
      done: { revoked: 5_000 },
      run: (context, signal) => revokeAllTokens(context, { signal }),
    },
    {
      event: 'operator.emails-pruned',
      part: /delete from .*email_outbox/,
      message: 'Emails pruned',
      done: { count: 1_000 },
      run: (context, signal) => pruneByHand(context, { statuses: ['dead'], olderThan: day, signal }),
      prepare: [`update email_outbox set ${old}, next_attempt_at = now() - interval '39 days'`],
    },
    {
      event: 'operator.users-purged',
      part: /delete from .*users/,
      message: 'Unverified users purged',
      done: { count: 1_000 },
      run: (context, signal) => purgeUnverified(context, { olderThan: 30 * day, signal }),
      prepare: [
        `update users set ${old}`,
        'delete from verification_tokens',
        "update email_outbox set status = 'obsolete'",
      ],
    },
    {
      event: 'operator.emails-replayed',
      part: /'pending', attempts = 0/,
      message: 'Emails replayed',
      done: { count: 500 },
      run: (context, signal) => replayAndPublish(context, {}, { publisher: undefined, signal }),
    },
  ];

  for (const { event, part, message, done, run, prepare = [] } of acts) {
    /** Does it, and in the place of one of its parts something else: of the second, as a rule. */
    const runUntil = async (then: () => void, endsAt = 2) => {
      const logger = captureLogger();
      const { database } = instance.context;
      const interruption = new AbortController();
      let parts = 0;
      const query: typeof database.query = async (sql, ...rest) => {
        if (!part.test(sql)) return database.query(sql, ...rest);
        parts += 1;
        if (parts === endsAt) then();
        const rows = await database.query(sql, ...rest);
        if (then === abort) interruption.abort();
        return rows as never;
      };
      const context = { ...instance.context, logger, database: { ...database, query } };
      const running = run(context, interruption.signal);
      if (then === abort) await running;
      else expect(await rejection(running)).to.be.instanceOf(ServiceUnavailableError);
      return logger.entries.filter((entry) => entry.data.event === event);
    };
    const abort = (): void => {
      throw new Error('it goes on after the signal');
    };
    const fail = (): never => {
      throw new ServiceUnavailableError('database', false);
    };

    for (const [what, then] of [
      ['Ctrl-C', abort],
      ['the database', fail],
    ] as const) {
      it(`says what was done until ${what} ended it, and no more: ${event}`, async () => {
        for (const sql of prepare) await instance.query(sql);
        const lines = await runUntil(then);
        expect(lines).to.have.lengthOf(1);
        expect(lines[0]?.message).to.equal(`${message}, until it was interrupted`);
        expect(lines[0]?.data).to.include({ ...done, interrupted: true });
      });
    }

    it(`says nothing where it failed before anything was done: ${event}`, async () => {
      for (const sql of prepare) await instance.query(sql);
      expect(await runUntil(fail, 1)).to.deep.equal([]);
    });
  }

  it('says of one that came to its end that it found nothing', async () => {
    const logger = captureLogger();
    await pruneByHand({ ...instance.context, logger }, { statuses: ['dead'], olderThan: 30 * day });
    expect(logger.entries.map(({ data }) => data)).to.deep.equal([
      { event: 'operator.emails-pruned', count: 0, statuses: ['dead'] },
    ]);
  });

  it('says nothing of an interruption where it came to its end', async () => {
    const logger = captureLogger();
    await revokeAllTokens({ ...instance.context, logger });
    expect(logger.entries.map(({ data, message }) => ({ ...data, message }))).to.deep.equal([
      {
        event: 'operator.tokens-revoked',
        revoked: 6_000,
        pendingEmails: 0,
        message: 'Verification links revoked',
      },
    ]);
  });
});
