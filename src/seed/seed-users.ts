import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { literal, type Transaction } from 'sequelize';
import type { Context, HasherContext } from '../context.js';
import type { Database } from '../database/database.js';
import { DatabaseError, FluentMeetError, ValidationError } from '../errors.js';
import { fault, type FaultDetail } from '../faults.js';
import { canonicalLanguageTag } from '../users/language.js';
import { passwordPolicyFault } from '../passwords/password-policy.js';
import { connectsToThisMachine } from './connects-to-this-machine.js';
import { nameSets } from './names.js';
import { createSeedUsers, type SeedRequest, type SeedUser } from './seed-user.js';

/** Rows of one statement: far below the time limit of one, and enough that round trips cost nothing. */
const batchSize = 10_000;
/** Users made in one turn of the event loop, some milliseconds' worth: PostgreSQL's answers and Ctrl-C come in between. */
const turnSize = 500;

export interface SeedInput {
  /** 1 to 1,000,000. */
  count: number;
  /** 0 to 4,294,967,295. The same number makes the same users. Default 1. */
  seed?: number | undefined;
  /** Share of verified users, 0 to 1. Default 0.8. */
  verified?: number | undefined;
  /** What they speak and listen to. Default: those the host offers, or some thirty in many scripts. */
  languages?: readonly string[] | undefined;
  /** Shared by all of them. Default: a random one. */
  password?: string | undefined;
}

export interface SeedRun {
  /** Also where test users may do harm (see `SeedRefusal`). Default false. */
  force?: boolean | undefined;
  /** The process runs in production. Default false. */
  production?: boolean | undefined;
  /** Rolls everything back. */
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface SeedResult {
  /** Users that this run made; the shared password is theirs. */
  created: Pick<SeedUser, 'email' | 'isVerified'>[];
  /** Users that were there before and stay as they were, with the password they had. */
  existing: number;
  password: string;
}

/** Why test users may do harm in this database. */
export type SeedRefusal =
  /** It is on another machine. */
  | 'remote'
  /** This process runs in production: the address of this machine may be a tunnel's. */
  | 'production'
  /** It holds users whose mail can reach somebody. */
  | 'real-users';

export class SeedRefusedError extends FluentMeetError {
  readonly code = 'INVALID_OPTIONS';
  constructor(readonly reason: SeedRefusal) {
    super('This is not a database for test users.');
  }
}

/**
 * Inserts test users in bulk, under the rules of every signup: the same canonical address, name and language, the same
 * checks of the password, which all of them share, so that it is hashed once. Their domains are reserved, so that no
 * mail can reach anybody; they get no email, no token and no outbox row. One transaction: all of them, or none.
 *
 * In SQL: bulk.
 *
 * @throws ValidationError (`VALIDATION_ERROR`), SeedRefusedError (`INVALID_OPTIONS`), ServiceUnavailableError
 *   (`SERVICE_UNAVAILABLE`); the signal's reason when it aborts
 */
export async function seedUsers(
  context: HasherContext,
  input: SeedInput,
  { force = false, production = false, signal, onProgress }: SeedRun = {},
): Promise<SeedResult> {
  const { count, seed, verified, languages } = checked(context, input);
  const password = input.password ?? randomBytes(15).toString('base64url');
  await checkPassword(context, password);
  const hashing = context.hasher.hash(password);
  const seedUser = createSeedUsers({ seed, verified, languages });

  const makeBatch = async (from: number): Promise<SeedUser[]> => {
    const batch: SeedUser[] = [];
    for (let index = from; index < Math.min(from + batchSize, count); index++) {
      if (index % turnSize === 0) await setImmediate();
      batch.push(seedUser(index));
    }
    // In order, they meet each page of the unique index once, which is less work for PostgreSQL.
    return batch.toSorted((one, other) => (one.email < other.email ? -1 : 1));
  };

  // Hashing is another thread's work: the first ones are made meanwhile.
  const [hashedPassword, first] = await Promise.all([hashing, makeBatch(0)]);
  const created = await context.database.transaction(async (transaction) => {
    const refusal = force ? undefined : await refusalOf(context, production, transaction);
    if (refusal) throw new SeedRefusedError(refusal);
    const insertUsers = createInserter(context, hashedPassword, transaction);
    let users = first;
    const all: SeedUser[] = [];
    for (let done = 0; done < count; done += batchSize) {
      // The next ones are made while PostgreSQL inserts these.
      const [inserted, next] = await Promise.all([insertUsers(users), makeBatch(done + batchSize)]);
      all.push(...inserted);
      onProgress?.(done + users.length, count);
      signal?.throwIfAborted();
      users = next;
    }
    return all;
  });
  context.logger.info({ event: 'users.seeded', count: created.length }, 'Users seeded');
  return {
    created: created.map(({ email, isVerified }) => ({ email, isVerified })),
    existing: count - created.length,
    password,
  };
}

/** What a seed never makes: an address under a domain that is not reserved for documentation or tests. */
const realAddress = String.raw`email !~ '[@.](example\.(com|net|org)|example|test|invalid|localhost)$'`;

async function refusalOf(
  { models }: Context,
  production: boolean,
  transaction: Transaction,
): Promise<SeedRefusal | undefined> {
  if (production) return 'production';
  if (!connectsToThisMachine(transaction)) return 'remote';
  const look = { attributes: ['id'], where: literal(realAddress), paranoid: false };
  const real = await models.User.findOne({ ...look, transaction });
  return real ? 'real-users' : undefined;
}

/** Inserts users, and resolves with those that were not there before. */
type Inserter = (users: readonly SeedUser[]) => Promise<readonly SeedUser[]>;

/**
 * Looking for conflicts takes PostgreSQL a third of its time for a row, so it does only once it has met one. A seed that
 * was sown before shows that in its first batch.
 */
function createInserter({ database }: Context, hashedPassword: string, transaction: Transaction): Inserter {
  let allNew = true;
  const insert = (users: readonly SeedUser[], onConflict: string, within: Transaction) =>
    insertUsers(database, users, hashedPassword, onConflict, within);
  return async (users) => {
    if (allNew) {
      try {
        return await database.transaction((savepoint) => insert(users, '', savepoint), transaction);
      } catch (error) {
        if (!(error instanceof DatabaseError && error.constraint === 'users_email_key')) throw error;
        allNew = false;
      }
    }
    return insert(users, 'on conflict (email) do nothing', transaction);
  };
}

async function insertUsers(
  database: Database,
  users: readonly SeedUser[],
  hashedPassword: string,
  onConflict: string,
  transaction: Transaction,
): Promise<readonly SeedUser[]> {
  const now = database.now();
  // SQL: thousands of rows in one parameter a column, and only the names of those that were not there come back.
  const [row] = await database.query<{ inserted: string[] | null }>(
    `with inserted as (
       insert into ${database.table('users')}
         (email, hashed_password, full_name, speaking_language, listening_language, is_verified, created_at, updated_at)
       select s.email, $1, s.full_name, s.speaking, s.listening, s.verified, ${now}, ${now}
       from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])
         as s (email, full_name, speaking, listening, verified)
       ${onConflict}
       returning email
     )
     select case when count(*) < cardinality($2::text[]) then coalesce(array_agg(email), '{}') end as inserted
     from inserted`,
    [
      hashedPassword,
      users.map(({ email }) => email),
      users.map(({ fullName }) => fullName),
      users.map(({ speakingLanguage }) => speakingLanguage),
      users.map(({ listeningLanguage }) => listeningLanguage),
      users.map(({ isVerified }) => isVerified),
    ],
    transaction,
  );
  if (!row?.inserted) return users;
  const inserted = new Set(row.inserted);
  return users.filter(({ email }) => inserted.has(email));
}

function checked({ config }: Context, input: SeedInput): SeedRequest & { count: number } {
  const { count, seed = 1, verified = 0.8 } = input;
  const faults: FaultDetail[] = [];
  const languages = (input.languages ?? config.languages ?? nameSets.map(({ language }) => language)).map(
    (text) => {
      const language = canonicalLanguageTag(text);
      if (!language.ok) faults.push(fault('languages', language.fault));
      else if (config.languages && !config.languages.includes(language.tag)) {
        faults.push(
          fault('languages', 'LANGUAGE_NOT_OFFERED', `Choose among ${config.languages.join(', ')}.`),
        );
      }
      return language.ok ? language.tag : text;
    },
  );
  if (languages.length === 0) faults.push(fault('languages', 'LANGUAGES_MISSING'));
  if (faults.length > 0) throw new ValidationError(faults);
  return { count, seed, verified, languages: [...new Set(languages)] };
}

/** Test users may have a common password: whoever seeds knows that everybody has the same. */
async function checkPassword({ config }: Context, password: string): Promise<void> {
  const found = await passwordPolicyFault({ ...config, passwordBlocklist: false }, password, {});
  if (found) throw new ValidationError([found]);
}
