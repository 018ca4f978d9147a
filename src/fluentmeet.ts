import { connectDatabase } from './database/database.js';
import { createMigrator, type Migrator } from './database/migrator.js';
import { adaptPublisher } from './outbox/ask-publisher.js';
import { createKafkaPublisher } from './publishers/kafka/kafka-publisher.js';
import type { Publisher } from './outbox/publisher.js';
import { createRelay, type Relay, type RelayState } from './relay/relay.js';
import type { AccountReference } from './desk/account.js';
import { eraseUser } from './desk/erase-user.js';
import { pruneHistory } from './desk/prune-history.js';
import { replayEmails, type ReplayResult } from './desk/replay-emails.js';
import { parseReplay, type ReplayFilter, type ReplayOptions } from './desk/replay-filter.js';
import { checkPassword, type LoginOptions } from './login/check-password.js';
import { hashNewPassword, type NewPasswordOptions } from './login/hash-new-password.js';
import { bindModels, type Models } from './models.js';
import { type Config, type FluentMeetOptions, parseOptions } from './options/options.js';
import { checkSignUpOptions } from './options/sign-up-options.js';
import { PreparedSignUp, prepareSignUp } from './signup/prepare-sign-up.js';
import { proveAccount, type ProofInput } from './signup/prove-account.js';
import type { SignUpInput } from './signup/signup-input.js';
import { signUp, type SignUpOptions } from './signup/sign-up.js';
import { readStats, type Stats } from './stats.js';
import { findUserByEmail } from './users/find-user-by-email.js';
import { hashQueuePerThread } from './passwords/hash-queue.js';
import { createPasswordHasher } from './passwords/password.js';
import type { PublicProfile } from './users/public-profile.js';
import type { User } from './users/user.js';
import { resendVerification, type ResendRequest } from './verification/resend-verification.js';
import type { VerifyResult } from './verification/verify-email.js';
import type { HasherContext } from './context.js';
import { withDeadline } from './deadline.js';
import { describeError, harmlessLogger, type Logger } from './logger.js';

/** Milliseconds for relay and publisher together. */
const stopPatience = 10_000;

/** One instance of the module: a database, a publisher, and the functions over them. */
export interface FluentMeet {
  /** The Sequelize models, bound to this instance alone. Attributes bear the columns' names. */
  readonly models: Models;
  /**
   * Applies pending migrations; resolves with their names. Safe when many processes start at once.
   *
   * @throws SchemaConflictError (`SCHEMA_CONFLICT`) where a table by our name is somebody else's; SchemaAheadError
   *   (`SCHEMA_AHEAD`) where the database is newer; UnsuitableDatabaseError (`UNSUITABLE_DATABASE`),
   *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
   */
  migrate(): Promise<string[]>;
  /**
   * Starts the relay, whether or not database and publisher answer yet; of no effect with `publisher: 'none'`.
   *
   * @throws Error after `stop()`: an instance is started once
   */
  start(): Promise<void>;
  /** Stops the relay within 10 s and closes what this instance opened. Idempotent. */
  stop(): Promise<void>;
  /**
   * Registers a user: validates, hashes, and writes user, token and outbox row in one transaction. With a transaction
   * of the host's, give it what `prepareSignUp` made, so that nothing is hashed while it is open.
   *
   * @throws as `prepareSignUp`, DatabaseError (`DATABASE_ERROR`); InvalidOptionsError (`INVALID_OPTIONS`) for an option that there is not
   */
  signUp(input: SignUpInput | PreparedSignUp, options?: SignUpOptions & ClientOption): Promise<PublicProfile>;
  /**
   * The part of a signup that needs no transaction: validation and hashing.
   *
   * @throws ValidationError (`VALIDATION_ERROR`), EmailAlreadyRegisteredError (`EMAIL_ALREADY_REGISTERED`),
   *   SignupClosedError (`SIGNUP_CLOSED`), InviteRequiredError (`INVITE_REQUIRED`), InviteInvalidError (`INVITE_INVALID`),
   *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`); by the host's `beforeSignUp` SignUpRefusedError (`SIGNUP_REFUSED`
   *   or a code of its own), by that or its `passwordBlocklist` HookFailedError (`HOOK_FAILED`)
   */
  prepareSignUp(input: SignUpInput, options?: ClientOption): Promise<PreparedSignUp>;
  /**
   * The account with this address in any spelling, or null. Not the deleted ones.
   *
   * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
   */
  findUserByEmail(email: string): Promise<User | null>;
  /**
   * By its link; with `proof: 'link-and-password'` the second argument holds the password, or a new one.
   *
   * @throws InvalidTokenError (`INVALID_TOKEN`), TokenExpiredError (`TOKEN_EXPIRED`), PasswordRequiredError
   *   (`PASSWORD_REQUIRED`), WrongPasswordError (`WRONG_PASSWORD`), HookFailedError (`HOOK_FAILED`) by the host's
   *   `onVerified`, ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
   */
  verifyEmail(token: string, proof?: ProofInput): Promise<VerifyResult>;
  /**
   * For the host's log-in: the account whose password this is, also an unverified one, or null.
   *
   * @throws TooManyAttemptsError (`RATE_LIMIT_EXCEEDED`) where this client failed too often for this mailbox;
   *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
   */
  checkPassword(email: string, password: string, options: LoginOptions): Promise<PublicProfile | null>;
  /**
   * For the host's reset or change of a password: the hash to store (`models.User`, `hashed_password`), of a password that
   * passes the rules of a signup. `email` and `fullName` are for the rule that it may be neither.
   *
   * @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`); by the host's
   *   `passwordBlocklist` HookFailedError (`HOOK_FAILED`) or SignUpRefusedError (`SIGNUP_REFUSED` or a code of its own)
   */
  hashPassword(password: string, options?: NewPasswordOptions): Promise<string>;
  /**
   * Removes everything kept about one person, by address or id: the host's "delete my account". The address is free again.
   *
   * @throws NotFoundError (`NOT_FOUND`), AccountHeldError (`ACCOUNT_HELD`) where rows of the host's refer to the account,
   *   HookFailedError (`HOOK_FAILED`) by the host's `onRemoved`, ValidationError (`VALIDATION_ERROR`),
   *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
   */
  eraseUser(account: AccountReference): Promise<void>;
  /**
   * Takes an address, or what else tells whose email it is. Always resolves alike, whether the address is known or not.
   *
   * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
   */
  resendVerification(request: string | ResendRequest): Promise<void>;
  /**
   * Puts emails back to pending for the relay; by default the dead ones.
   *
   * @throws ValidationError (`VALIDATION_ERROR`), also for a condition or an option that there is not, ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError
   *   (`DATABASE_ERROR`)
   */
  replayEmails(filter?: ReplayFilter, options?: ReplayOptions): Promise<ReplayResult>;
  /** How the queue and the relay are. @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
  stats(): Promise<Stats>;
}

export interface ClientOption {
  /** For whom it is done, a network address say: no client holds more than a quarter of the places for hashing. */
  client?: string | undefined;
}

/** What routes and commands work with besides the public instance. Not exported from the package. */
export interface Internals extends HasherContext {
  readonly publisher: Publisher | undefined;
  readonly relay: Pick<Relay, 'start' | 'wake' | 'stop' | 'lastError'> & { state: RelayState | 'none' };
  readonly migrator: Migrator;
}

const internals = new WeakMap<FluentMeet, Internals>();

export function internalsOf(fluentmeet: FluentMeet): Internals {
  const found = internals.get(fluentmeet);
  if (!found) throw new TypeError('not an instance made by createFluentMeet()');
  return found;
}

/**
 * Makes an instance. Opens nothing yet: connections come with the first use, and the relay with `start()`.
 *
 * @throws InvalidOptionsError (`INVALID_OPTIONS`)
 */
export function createFluentMeet(options: FluentMeetOptions): FluentMeet {
  const parsed = parseOptions(options);
  const logger = harmlessLogger(parsed.logger);
  const config = { ...parsed, logger };
  if (config.bcryptCost < 10) {
    logger.warn(
      { event: 'config.weak-bcrypt-cost', cost: config.bcryptCost },
      'bcryptCost under 10 is for tests',
    );
  }
  const database = connectDatabase(config);
  const hasher = createPasswordHasher({
    cost: config.bcryptCost,
    foreign: config.foreignHashes,
    concurrency: config.hashConcurrency,
    maxQueue: config.hashConcurrency * hashQueuePerThread(config.bcryptCost),
  });
  const publisher = createPublisher(config);
  const models = bindModels(database);
  const base = { config, database, models, logger };
  const relay = publisher ? createRelay(base, publisher, (isOver) => pruneHistory(base, isOver)) : noRelay;
  const context: Internals = {
    ...base,
    hasher,
    publisher,
    relay,
    migrator: createMigrator(database, logger),
  };
  let stopped: Promise<void> | undefined;

  const fluentmeet: FluentMeet = {
    models,
    migrate: () => context.migrator.up(),
    async start() {
      if (stopped) throw new Error('this instance was stopped: make another');
      relay.start();
    },
    stop() {
      stopped ??= stopWithin(stopPatience, logger, async () => {
        await relay.stop();
        await publisher?.close();
      }).then(() => database.close());
      return stopped;
    },
    async signUp(input, signUpOptions) {
      const writeOptions = checkSignUpOptions(signUpOptions);
      const prepared =
        input instanceof PreparedSignUp ? input : await fluentmeet.prepareSignUp(input, signUpOptions);
      return signUp(context, prepared, writeOptions);
    },
    prepareSignUp: (input, { client } = {}) =>
      prepareSignUp({ ...context, hasher: hasher.as({ client }), client }, input),
    findUserByEmail: (email) => findUserByEmail(context, email),
    verifyEmail: (token, proof) => proveAccount(context, token, proof ?? undefined),
    checkPassword: (email, password, loginOptions) => checkPassword(context, email, password, loginOptions),
    hashPassword: (password, passwordOptions) => hashNewPassword(context, password, passwordOptions),
    async eraseUser(account) {
      await eraseUser(context, account);
    },
    resendVerification: (request) =>
      resendVerification(context, typeof request === 'object' && request ? request : { email: request }),
    async replayEmails(filter, replayOptions) {
      const asked = parseReplay(filter, replayOptions);
      const result = await replayEmails(context, asked.filter, asked.options);
      relay.wake();
      return result;
    },
    stats: () => readStats(context),
  };
  internals.set(fluentmeet, context);
  return fluentmeet;
}

/** The publisher that the options ask for; undefined for `'none'`. */
function createPublisher(config: Config): Publisher | undefined {
  const { kafka, publisher, emailTopic: topic, brand, words, renderEmail, logger } = config;
  if (kafka) return createKafkaPublisher({ kafka, topic, logger });
  if (typeof publisher === 'string' || !publisher) return undefined;
  const adapted = adaptPublisher(publisher);
  if (typeof publisher === 'object' && publisher.adopt) {
    // From this package, made in the options as a rule: nobody else has a reference to close it by.
    publisher.adopt({ brand, words, renderEmail });
    return adapted;
  }
  return { ...adapted, close: async () => undefined };
}

/** The last deadline: whatever hangs, the instance is stopped after it, with a line that says so. */
async function stopWithin(patience: number, logger: Logger, stopAll: () => Promise<void>): Promise<void> {
  try {
    await withDeadline(stopAll(), patience, 'Stopping');
  } catch (error) {
    logger.warn(
      { event: 'stop.cut-short', error: describeError(error) },
      'Stopped before everything was finished; leases run out by themselves',
    );
  }
}

const noRelay = {
  start() {},
  wake() {},
  async stop() {},
  state: 'none' as const,
  lastError: undefined,
};
