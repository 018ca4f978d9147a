import type { Internals } from '../src/fluentmeet.js';
import { insertSignUp } from '../src/signup/insert-sign-up.js';
import { chosenFieldsOf, signUpSchema } from '../src/signup/signup-input.js';
import { isEmailTaken } from '../src/users/is-email-taken.js';
import { newToken } from '../src/verification/token-value.js';
import type { Bench, Row } from './bench.js';
import { internalsOf } from './built.js';
import { claimAndSettle } from './claim-and-settle.js';
import { claimPlan } from './claim-plan.js';
import { benchInstance, secret } from './instance.js';
import { grouped, median, ratios, secondsOf, spread } from './rounds.js';
import { dropDatabase, newDatabase, query } from './services.js';

/** The statements of a signup and of the relay, one after the other on one connection, over ever longer histories. */
export const costGrowth: Bench = {
  name: 'cost-growth',
  async run({ quick, say }) {
    const sizes = quick ? [10_000, 20_000] : [10_000, 1_000_000, 10_000_000];
    const histories: History[] = [];
    try {
      for (const size of sizes) {
        say(`making ${grouped(size)} users and published emails`);
        histories.push(await makeHistory(size));
      }
      const rounds = quick ? 2 : 7;
      for (let round = -1; round < rounds; round++) {
        for (const history of round % 2 === 0 ? histories : histories.toReversed()) {
          await measure(history, round, quick ? 100 : 3000);
        }
      }
      const [small, ...large] = histories as [History, ...History[]];
      return large.flatMap((history) => [
        row(
          `signup: look-up and insert, ${grouped(history.size)} users`,
          history.signup,
          small.signup,
          'ms a signup',
        ),
        row(
          `relay: claim and settle 500, ${grouped(history.size)} published`,
          history.claim,
          small.claim,
          'ms a batch',
        ),
        planRow(history, small),
      ]);
    } finally {
      for (const { fluentmeet, database } of histories) {
        await fluentmeet.stop();
        await dropDatabase(database);
      }
    }
  },
};

interface History {
  size: number;
  database: string;
  fluentmeet: ReturnType<typeof benchInstance>;
  context: Internals;
  /** Milliseconds, round by round. */
  signup: number[];
  claim: number[];
  plan: { nodes: string[]; blocks: number };
}

/**
 * By SQL, and the indexes after the rows: they are then as compact as they ever get, which favours nobody here. Each
 * user with a token and a published email. Sequences go on behind them.
 */
async function makeHistory(size: number): Promise<History> {
  const database = await newDatabase();
  const fluentmeet = benchInstance({ database, databasePoolSize: 1, databaseQueryTimeout: 0 });
  await fluentmeet.migrate();
  const indexes = await query<{
    name: string;
    definition: string;
    constraint: string | null;
    made_by: string | null;
  }>(
    database,
    `select c.relname as name, pg_get_indexdef(i.indexrelid) as definition, k.conname as constraint,
       pg_get_constraintdef(k.oid) as made_by
     from pg_index i join pg_class c on c.oid = i.indexrelid
     left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('u')
     where i.indrelid in ('verification_tokens'::regclass, 'email_outbox'::regclass, 'users'::regclass)
       and not i.indisprimary`,
  );
  const tableOf = (definition: string): string => /ON public\.(\w+)/.exec(definition)?.[1] as string;
  for (const { name, definition, constraint } of indexes) {
    await query(
      database,
      constraint ? `alter table ${tableOf(definition)} drop constraint ${constraint}` : `drop index ${name}`,
    );
  }
  await query(
    database,
    `insert into users (email, hashed_password, full_name, created_at, updated_at)
     select md5(n::text) || '@example.com', '$2b$12$' || repeat('x', 53), 'Ada Lovelace',
       now() - ${size} * interval '1 second' + n * interval '1 second', now()
     from generate_series(1, ${size}) n;
     alter table verification_tokens drop constraint verification_tokens_pkey;
     insert into verification_tokens (id, user_id, token_hash, expires_at)
     select md5('id' || n)::uuid, n, sha256(n::text::bytea), now() from generate_series(1, ${size}) n;
     alter table verification_tokens add primary key (id);
     insert into email_outbox (event_id, user_id, verification_token_id, template, status, claims, published_at)
     select md5('event' || n)::uuid, n, md5('id' || n)::uuid, 'verification', 'published', 1, now()
     from generate_series(1, ${size}) n`,
  );
  for (const { definition, constraint, made_by } of indexes) {
    await query(
      database,
      constraint ? `alter table ${tableOf(definition)} add constraint ${constraint} ${made_by}` : definition,
    );
  }
  await query(database, 'vacuum analyze');
  await query(database, 'checkpoint');
  const context = internalsOf(fluentmeet);
  return { size, database, fluentmeet, context, signup: [], claim: [], plan: { nodes: [], blocks: 0 } };
}

const chosen = chosenFieldsOf(
  signUpSchema().parse({
    email: 'user@example.com',
    password: 'a quiet lighthouse keeper',
    listening_language: 'fr-CA',
  }),
);

/** The first round warms up. */
async function measure(history: History, round: number, signups: number): Promise<void> {
  const { context } = history;
  const signup = await secondsOf(async () => {
    for (let index = 0; index < signups; index++) {
      const email = `round${round}.${index}@example.com`;
      await isEmailTaken(context, email);
      const user = { email, hashed_password: `$2b$12$${'x'.repeat(53)}`, ...chosen };
      await insertSignUp(context, { user, token: newToken(secret) });
    }
  });
  history.plan = await claimPlan(context, history.database);
  const claim = await claimAndSettle(context);
  if (round < 0) return;
  history.signup.push((signup * 1000) / signups);
  history.claim.push(claim);
}

function row(what: string, ours: number[], small: number[], unit: string): Row {
  const found = ratios(ours, small);
  return {
    what,
    ours: `${spread(ours)} ${unit}`,
    against: `10,000: ${spread(small)}`,
    ratio: spread(found),
    goal: '≤ 1.2',
    met: median(found) <= 1.2,
  };
}

function planRow({ size, plan }: History, small: History): Row {
  const indexes = plan.nodes.filter((node) => node.startsWith('Index'));
  return {
    what: `plan of the claim, ${grouped(size)} published`,
    ours: `${indexes.join(', ')}; ${grouped(plan.blocks)} blocks`,
    against: `10,000: ${grouped(small.plan.blocks)} blocks`,
    ratio: (plan.blocks / small.plan.blocks).toFixed(2),
    goal: 'never touches history',
    met: !plan.nodes.some((node) => node.startsWith('Seq Scan on')),
  };
}
