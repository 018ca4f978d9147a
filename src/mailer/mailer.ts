import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaMessage } from 'kafkajs';
import { backoff } from '../backoff.js';
import { describeError, type LogData, type Logger } from '../logger.js';
import type { KafkaOptions } from '../options.js';
import type { OutgoingEmail } from '../outbox/publisher.js';
import { KafkaError, toKafkaError } from '../publishers/kafka/kafka-error.js';
import type { MailWriter } from '../publishers/smtp/mail-writer.js';
import { type ConsumerSession, openSession } from './consumer-session.js';
import { deliver, dueAt, type Outcome } from './deliver.js';
import { divert } from './divert.js';
import { createGate } from './gate.js';
import type { Lane } from './lane.js';
import { headerTexts } from './read-message.js';
import type { SentLog } from './sent-log.js';
import { createTopicWriter } from './topic-writer.js';
import { mailerGroup, type MailTopics } from './topics.js';

/** Messages of one partition that may be in hand; of the retry topic most only wait for their time. */
const mostInHand = 500;
const mostWaiting = 5_000;
const commitPause = 50;
const failedCommitPause = 1_000;
const stopPatience = 7_000;
/** Another process sends it: how often to look whether that ended. */
const longestLook = 1_000;

export interface MailerTiming {
  /** Between the tries of one deferred email. */
  retry: { first: number; most: number };
  /** While the SMTP server or Kafka is away. */
  outage: { first: number; most: number };
  /** How often what waits is moved behind what was done meanwhile. */
  move: number;
}

const usualTiming: MailerTiming = {
  retry: { first: 60_000, most: 3_600_000 },
  outage: { first: 500, most: 30_000 },
  move: 30_000,
};

export interface MailerOptions {
  kafka: KafkaOptions;
  topics: MailTopics;
  writer: Pick<MailWriter, 'check' | 'connections' | 'send'>;
  sentLog: SentLog;
  /** Failures of an email's own after which it is dead. */
  maxAttempts: number;
  logger: Logger;
  /** Told of each mail sent: seconds since its email was written to the outbox, where the message says. */
  onSent?: (seconds: number | undefined) => void;
  timing?: Partial<MailerTiming>;
}

export interface MailerCounts {
  /** Accepted by the server. */
  sent: number;
  /** Of those: sent although an earlier try never said how it ended; perhaps for the second time. */
  again: number;
  /** Not sent, for they were sent before. */
  repeated: number;
  /** Written to the retry topic. */
  deferred: number;
  /** Written to the dead topic. */
  dead: number;
}

export interface Mailer {
  /** Joins the group, now or as soon as Kafka is there. */
  start(): void;
  /** Lets the mails in flight finish, commits, leaves the group: within 10 s. Idempotent. */
  stop(): Promise<void>;
  readonly kafka: 'joined' | 'away';
  readonly smtp: 'answering' | 'away';
  readonly counts: Readonly<MailerCounts>;
  /** Messages in this process's partitions that are not done with, the retry topic's included. */
  waiting(): Promise<number>;
}

/** A message in hand. */
interface Entry {
  readonly lane: Lane;
  readonly message: KafkaMessage;
  /** While it waits for its time. */
  timer?: NodeJS.Timeout | undefined;
}

/**
 * The topic's consumer: each message becomes a mail, or ends on the retry or the dead topic. Any number of processes
 * share the partitions. An offset is committed once everything before it is done with; what a killed process had not
 * committed comes again, and is known by its event id where that was remembered.
 */
export function createMailer(options: MailerOptions): Mailer {
  const { topics, writer, logger } = options;
  const timing = { ...usualTiming, ...options.timing };
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const topicWriter = createTopicWriter(options.kafka, logger);
  const counts: MailerCounts = { sent: 0, again: 0, repeated: 0, deferred: 0, dead: 0 };
  const ready: Entry[] = [];
  const parked = new Set<Entry>();
  const inFlight = new Set<Promise<void>>();
  let session: ConsumerSession | undefined;
  let kafka: Mailer['kafka'] = 'away';
  let running: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;
  let committing: NodeJS.Timeout | undefined;

  const gate = createGate({
    check: () => writer.check(),
    backoff: timing.outage,
    onClosed: (error) =>
      logger.error(
        { event: 'mailer.paused', error: describeError(error) },
        'The SMTP server is away; emails wait',
      ),
    onOpened: () => logger.info({ event: 'mailer.resumed' }, 'The SMTP server takes mail again'),
    onChange() {
      for (const lane of session?.lanes() ?? []) steer(lane);
      pump();
    },
  });

  const context = {
    sentLog: options.sentLog,
    maxAttempts: options.maxAttempts,
    send: (email: OutgoingEmail) => writer.send(email, givingUp.signal),
  };

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      try {
        session = await openSession(
          {
            ...{ kafka: options.kafka, logger, groupId: mailerGroup(topics) },
            ...{ topics: [topics.main, topics.retry], alsoNeeded: [topics.dead], onMessages: take },
            onJoined() {
              kafka = 'joined';
              failures = 0;
            },
          },
          stopping.signal,
        );
        const cause = await Promise.race([session.crashed, aborted(stopping.signal)]);
        if (stopping.signal.aborted) return;
        throw cause;
      } catch (error) {
        failures += 1;
        if (failures === 1) tellKafkaAway(error);
        kafka = 'away';
        void session?.leave();
        session = undefined;
        await delay(backoff(failures, timing.outage), undefined, { signal: stopping.signal }).catch(
          () => undefined,
        );
      }
    }
  }

  function tellKafkaAway(error: unknown): void {
    const { code, message } = error instanceof KafkaError ? error : toKafkaError(error, topics.main);
    logger.error(
      { event: 'mailer.kafka-away', error: { code, message } },
      'The topic cannot be read; trying on',
    );
  }

  function take(lane: Lane, messages: readonly KafkaMessage[]): void {
    for (const message of messages) {
      const wait = lane.topic === topics.retry ? dueAt(message) - Date.now() : 0;
      if (wait > 0) park({ lane, message }, Math.min(wait, 2 * timing.retry.most));
      else ready.push({ lane, message });
    }
    steer(lane);
    pump();
  }

  function park(entry: Entry, milliseconds: number): void {
    parked.add(entry);
    entry.timer = setTimeout(() => {
      parked.delete(entry);
      ready.push(entry);
      pump();
    }, milliseconds);
  }

  /** Fetches no more than can be held, and nothing while nothing can be sent. */
  function steer(lane: Lane): void {
    const most = lane.topic === topics.retry ? mostWaiting : mostInHand;
    session?.setPaused(lane, gate.isClosed || lane.unfinished >= most);
  }

  function pump(): void {
    while (
      ready.length > 0 &&
      inFlight.size < gate.width(writer.connections * 2) &&
      !stopping.signal.aborted
    ) {
      const entry = ready.shift() as Entry;
      if (entry.lane.closed) continue;
      const work = process(entry).finally(() => {
        inFlight.delete(work);
        pump();
      });
      inFlight.add(work);
    }
  }

  async function process(entry: Entry): Promise<void> {
    let outcome: Outcome;
    try {
      outcome = await deliver(context, entry.message);
    } catch (error) {
      logger.error(
        { event: 'mailer.failed', error: describeError(error) },
        'A message could not be worked on',
      );
      park(entry, timing.outage.most);
      return;
    }
    if (outcome.status === 'elsewhere') return park(entry, Math.min(outcome.for, longestLook));
    if (outcome.status === 'outage') {
      // Behind the others: should the server break off at this one alone, the next one shows it.
      ready.push(entry);
      return gate.failed(outcome.error);
    }
    if (outcome.status === 'sent' || 'detail' in outcome) gate.worked();
    if (outcome.status === 'deferred' || outcome.status === 'dead') {
      if (!(await divertSurely(entry, outcome))) return;
    } else {
      count(entry, outcome);
    }
    finish(entry);
  }

  function finish({ lane, message }: Entry): void {
    lane.finish(message.offset);
    steer(lane);
    commitSoon(commitPause);
  }

  function count({ message }: Entry, outcome: Extract<Outcome, { status: 'sent' | 'repeated' }>): void {
    const about = describe(message);
    if (outcome.status === 'repeated') {
      counts.repeated += 1;
      logger.info({ event: 'mailer.repeated', ...about }, 'Sent before, and not again');
      return;
    }
    counts.sent += 1;
    const written = Date.parse(headerTexts(message)['created-at'] ?? '');
    options.onSent?.(Number.isNaN(written) ? undefined : Math.max(0, Date.now() - written) / 1000);
    if (outcome.again) {
      counts.again += 1;
      logger.warn(
        { event: 'mailer.sent-again', ...about },
        'An earlier try never ended, by a crash perhaps: sent, maybe for the second time',
      );
    } else {
      logger.info({ event: 'mailer.sent', ...about }, 'Mail sent');
    }
  }

  /** Nothing is committed before it stands on the other topic, however long Kafka is away. */
  async function divertSurely(
    { lane, message }: Entry,
    outcome: Extract<Outcome, { status: 'deferred' | 'dead' }>,
  ): Promise<boolean> {
    const { status, reason, detail, attempt } = outcome;
    for (let failures = 1; !lane.closed; failures++) {
      try {
        await divert({ writer: topicWriter, topics, retryBackoff: timing.retry }, message, outcome);
        counts[status] += 1;
        const data = { ...describe(message), reason, detail, attempts: attempt };
        if (status === 'dead') logger.error({ event: 'mailer.dead', ...data }, 'Email is dead');
        else logger.warn({ event: 'mailer.deferred', ...data }, 'Email deferred, will be tried again');
        return true;
      } catch (error) {
        if (failures === 1)
          logger.error(
            { event: 'mailer.divert-failed', error: describeError(error) },
            'Kafka takes no message',
          );
        if (givingUp.signal.aborted) return false;
        await delay(backoff(failures, timing.outage), undefined, { signal: givingUp.signal }).catch(
          () => undefined,
        );
      }
    }
    return false;
  }

  function commitSoon(pause: number): void {
    committing ??= setTimeout(() => void commit(), pause);
  }

  async function commit(): Promise<void> {
    const done = (await session?.commit()) ?? true;
    committing = undefined;
    const hasMore = session?.lanes().some((lane) => lane.progress() !== undefined);
    if (!done || hasMore) commitSoon(done ? commitPause : failedCommitPause);
  }

  /**
   * An email that waits an hour holds up the commit of those that waited a minute, and a restart would read them again.
   * It is written anew behind them.
   */
  async function moveHeldUp(): Promise<void> {
    for (const lane of session?.lanes() ?? []) {
      if (lane.topic !== topics.retry) continue;
      const heldUp = new Set(lane.heldUp());
      const entries = [...parked].filter((entry) => entry.lane === lane && heldUp.has(entry.message.offset));
      if (entries.length === 0) continue;
      const messages = entries.map(({ message: { key, value, headers } }) => ({
        key,
        value,
        ...(headers ? { headers } : {}),
      }));
      await topicWriter.write(lane.topic, messages);
      for (const entry of entries) {
        // It may have become due meanwhile; then it is on its way, and known by its event id when it comes again.
        if (!parked.delete(entry)) continue;
        clearTimeout(entry.timer);
        finish(entry);
      }
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    gate.stop();
    clearInterval(moving);
    for (const { timer } of parked) clearTimeout(timer);
    const patience = setTimeout(() => givingUp.abort(), stopPatience);
    await Promise.race([Promise.all(inFlight), aborted(givingUp.signal)]);
    clearTimeout(patience);
    await moveHeldUp().catch(() => undefined);
    clearTimeout(committing);
    await session?.commit();
    await Promise.all([session?.leave(), topicWriter.close(), running]);
    clearTimeout(committing);
  }

  let moving: NodeJS.Timeout | undefined;
  return {
    start() {
      if (running) return;
      gate.start();
      running = run();
      moving = setInterval(() => void moveHeldUp().catch(() => undefined), timing.move);
    },
    stop: () => (stopped ??= stop()),
    get kafka() {
      return kafka;
    },
    get smtp() {
      return gate.isClosed ? 'away' : 'answering';
    },
    counts,
    async waiting() {
      await session?.refreshHighWatermarks();
      return (session?.lanes() ?? []).reduce((sum, lane) => sum + lane.waiting(), 0);
    },
  };
}

/** What a log line may say of a message: the user's id, the event id. */
function describe(message: KafkaMessage): Omit<LogData, 'event'> {
  const { 'event-id': eventId } = headerTexts(message);
  return { eventId: eventId?.slice(0, 100), userId: message.key?.toString().slice(0, 40) };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
