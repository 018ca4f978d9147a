import {
  ConnectionAcquireTimeoutError,
  type QueryInterface,
  type QueryOptions,
  QueryTypes,
  type Sequelize,
  type Transaction,
  type TransactionOptions,
} from 'sequelize';
import { DatabaseError, ServiceUnavailableError } from '../errors.js';
import { describeError, type Logger } from '../logger.js';
import { deriveSequelize, parentOf } from './bind-model.js';
import { lostRace, wrapDatabaseError } from './database-error.js';
import { type Client, guardConnection } from './guarded-connection.js';
import { giveBackSession, startOfTransaction, takeSession } from './session.js';
import { StatementNames } from './statement-names.js';
import { inTurn, withStandIn } from './turns.js';

/** Milliseconds by which a server that answers does so after its own limit. */
const grace = 500;
const tries = 3;

export interface ViewTerms {
  /** Milliseconds that one statement may take; 0 is no limit. */
  limit: number;
  /** Whether every connection starts with a session of ours (session.ts). */
  startsPrepared: () => Promise<boolean>;
  logger: Logger;
}

interface StatementOptions extends QueryOptions {
  unlimited?: boolean;
  /** Begins or ends a savepoint of Sequelize's, which one of ours around it would end. */
  isSavepoint?: boolean;
  /** The connection is closed where it fails, however it fails. */
  lastWord?: boolean;
  /** PostgreSQL may keep its plan: where the session is ours, and there is no transaction that a refusal would end. */
  keepsPlan?: boolean | undefined;
  /** The server keeps it prepared by this name. */
  name?: string;
}

export interface WorkOptions {
  /** For migrations: no statement has a limit. Default false. */
  unlimited?: boolean;
  /** `performance.now()` after which nobody waits any more, and nothing is committed. */
  until?: number | undefined;
}

/**
 * A view of a Sequelize, the module's own or a host's: the same pool, and nothing else of it. No default, hook or CLS
 * namespace of a host's reaches what goes through it, each statement finds the session that it was written for, and its
 * errors are ours, without statement and parameters. The Sequelize itself stays as it was.
 */
export function viewSequelize(base: Sequelize, { limit, startsPrepared, logger }: ViewTerms) {
  /** Those that were begun through this view. */
  const ours = new WeakSet<Transaction>();
  /** Those in which a statement finds a session of ours: ours, and what stands in for a host's in a savepoint of ours. */
  const prepared = new WeakSet<Transaction>();
  const unlimited = new WeakSet<Transaction>();
  const commits = new WeakMap<Transaction, Commit>();
  const names = new StatementNames();

  const baseInterface = base.getQueryInterface();
  const view = deriveSequelize(base, {
    query,
    async transaction(...parameters) {
      // Not with the connection of the transaction in hand: it may be the only one.
      await startsPrepared();
      return (base.transaction as (...parameters: unknown[]) => Promise<unknown>).apply(view, parameters);
    },
    beforeQuery({ transaction, ...options }: StatementOptions, statement) {
      const isOurs = !transaction || ours.has(transaction);
      const isLimited = isOurs && limit > 0 && !(transaction && unlimited.has(transaction));
      statement.connection = guardConnection(statement.connection as Client, {
        patience: isLimited ? limit + grace : 0,
        endsAfter: !isOurs ? 'none' : options.lastWord ? 'any error' : 'fatal errors',
        name: options.name,
      });
    },
    queryInterface: { startTransaction, commitTransaction, rollbackTransaction },
  });

  async function query(sql: string, options: StatementOptions = {}): Promise<unknown> {
    const { transaction } = options;
    try {
      if (transaction) {
        const isReady = prepared.has(transaction) || options.isSavepoint;
        if (isReady) return await inTurn(transaction, () => ask(sql, options));
        return await inSavepoint(transaction, (own) => ask(sql, { ...options, transaction: own }));
      }
      if (await startsPrepared()) {
        return await again(() => (options.keepsPlan ? askByName(sql, options) : ask(sql, options)));
      }
      return await inTransaction((own) => ask(sql, { ...options, transaction: own }));
    } catch (error) {
      throw wrapDatabaseError(error);
    }
  }

  function ask(sql: string, options: StatementOptions): Promise<unknown> {
    return base.query.call(view, sql, {
      ...options,
      transaction: options.transaction ?? null,
      logging: false,
      // Never a host's replica: nearly all of ours write, or look for what was just written.
      useMaster: true,
    });
  }

  async function askByName(sql: string, options: StatementOptions): Promise<unknown> {
    const name = names.of(sql);
    if (name) {
      try {
        return await ask(sql, { ...options, name });
      } catch (error) {
        if (!names.areRefusedBy(error)) throw error;
      }
    }
    return ask(sql, options);
  }

  /** Runs the work in one transaction; again, from its beginning, where it lost a race. */
  function inTransaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    { until = Infinity, ...options }: WorkOptions = {},
  ): Promise<T> {
    const begin = () => view.transaction({ ...options, transaction: null } as TransactionOptions);
    return again(async () => {
      // Who waits for a migration waits for its connection too: what took too long to open is in the pool by then.
      const transaction = await (options.unlimited ? again(begin, waitedForConnection) : begin());
      let result: T;
      try {
        result = await work(transaction);
        if (performance.now() > until) throw new ServiceUnavailableError('database', false);
      } catch (error) {
        await transaction.rollback().catch(() => undefined);
        throw error;
      }
      const commit: Commit = { isDone: false };
      commits.set(transaction, commit);
      const failed: unknown = await transaction.commit().catch((error: unknown) => error);
      if (!commit.isDone) throw commit.error ?? failed;
      if (failed) {
        const error = describeError(failed);
        logger.error(
          { event: 'hook.after-commit-failed', error },
          'What a hook left for after its commit failed',
        );
      }
      return result;
    });
  }

  /**
   * Runs the work in a savepoint of a transaction, a host's or ours, after everything that is under way in it. The work uses
   * the transaction that it is handed, and no other.
   */
  function inSavepoint<T>(outer: Transaction, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return inTurn(outer, () => withStandIn(outer, (own) => makeSavepoint(outer, own, work)));
  }

  /**
   * One of our own making: Sequelize never releases its, and repeats their names from the second depth on, so that a host's
   * savepoint around ours would roll back no further than to ours. A host's session is put back to what it was: by a
   * rollback as it is, and after the release. It ends after whatever the work left under way.
   */
  async function makeSavepoint<T>(
    outer: Transaction,
    own: Transaction,
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    const name = `fluentmeet_${++savepoints}`;
    const run = (sql: string) => ask(sql, { transaction: outer }) as Promise<[Record<string, string>[]]>;
    const isPrepared = prepared.has(outer);
    const [[before = {}]] = await run(isPrepared ? `savepoint ${name}` : `savepoint ${name}; ${takeSession}`);
    inherit(own, outer);
    prepared.add(own);
    try {
      const result = await work(own);
      await inTurn(own, () => run(`release savepoint ${name}; ${giveBackSession(before)}`));
      return result;
    } catch (error) {
      // Where even this fails, the connection is gone, and the first error says why.
      await inTurn(own, () => run(`rollback to savepoint ${name}; release savepoint ${name}`)).catch(
        () => undefined,
      );
      throw error;
    } finally {
      if (!isPrepared) prepared.delete(own);
    }
  }

  /** What is in one of ours has its limits too. */
  function inherit(inner: Transaction, outer: Transaction): void {
    for (const kind of [ours, prepared, unlimited]) if (kind.has(outer)) kind.add(inner);
  }

  async function startTransaction(
    this: QueryInterface,
    transaction: Transaction,
    options: StatementOptions = {},
  ): Promise<void> {
    const parent = parentOf(transaction);
    if (parent) {
      inherit(transaction, parent);
      const asSavepoint: StatementOptions = { ...options, isSavepoint: true };
      return baseInterface.startTransaction.call(this, transaction, asSavepoint);
    }
    const isPrepared = await startsPrepared();
    ours.add(transaction);
    prepared.add(transaction);
    if (options.unlimited) unlimited.add(transaction);
    const ownLimit = isPrepared ? undefined : limit;
    await ask(startOfTransaction({ isPrepared, limit: options.unlimited ? 0 : ownLimit }), { transaction });
  }

  // Sequelize has a line for stderr where one of these fails. What failed to roll back goes with its connection; a
  // commit of ours tells who asked for it.
  async function rollbackTransaction(
    this: QueryInterface,
    transaction: Transaction,
    options?: StatementOptions,
  ): Promise<void> {
    const last: StatementOptions = {
      ...options,
      lastWord: true,
      isSavepoint: parentOf(transaction) !== undefined,
    };
    await baseInterface.rollbackTransaction.call(this, transaction, last).catch(() => undefined);
  }

  async function commitTransaction(
    this: QueryInterface,
    transaction: Transaction,
    options?: StatementOptions,
  ): Promise<void> {
    const commit = commits.get(transaction);
    const raw: StatementOptions = { ...options, type: QueryTypes.RAW };
    const committed: Promise<unknown> = baseInterface.commitTransaction.call(this, transaction, raw);
    if (!commit) return void (await committed);
    try {
      const [, answer] = (await committed) as [unknown, { command: string }];
      // PostgreSQL's whole answer where a statement failed in it, and whoever asked for that one went on.
      if (answer.command === 'ROLLBACK') throw new DatabaseError(rolledBack, '25P02', undefined);
      commit.isDone = true;
    } catch (error) {
      commit.error = error;
    }
  }

  /** `sequelize` is to be used as any: by models, migrations, `query`. */
  return { sequelize: view, inTransaction, inSavepoint };
}

interface Commit {
  isDone: boolean;
  error?: unknown;
}

const rolledBack =
  'PostgreSQL error 25P02: a statement failed, and the transaction was rolled back at its commit';
let savepoints = 0;

const waitedForConnection = (error: unknown): boolean => error instanceof ConnectionAcquireTimeoutError;

/** Once more, and once more again, where that may help: where it was rolled back because of what others did at the same moment. */
async function again<T>(work: () => Promise<T>, mayHelp = lostRace): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === tries || !mayHelp(error)) throw error;
    }
  }
}
