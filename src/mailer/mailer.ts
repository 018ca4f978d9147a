import type { KafkaMessage } from 'kafkajs';
import { untilAborted } from '../deadline.js';
import { describeError, type Logger } from '../logger.js';
import type { KafkaOptions } from '../options/kafka-options.js';
import type { OutgoingEmail } from '../outbox/publisher.js';
import type { MailWriter } from '../publishers/smtp/mail-writer.js';
import { deliver, dueAt, type Outcome } from './deliver.js';
import { createGate } from './gate.js';
import type { Lane } from './lane.js';
import { createMembership } from './membership.js';
import { createMover } from './mover.js';
import type { SentLog } from './sent-log.js';
import { type MailerCounts, settleOutcome } from './settle-outcome.js';
import { createTopicWriter } from './topic-writer.js';
import { mailerGroup, type MailTopics } from './topics.js';
import { type Entry, WaitingRoom } from './waiting-room.js';

/** Messages of one partition that may be in hand; of the retry topic most only wait for their time. */
const mostInHand = 500;
const mostWaiting = 5_000;
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
  /** After so long without a word Kafka gives this process's partitions to the others. */
  session: number;
}

export const usualTiming: MailerTiming = {
  retry: { first: 60_000, most: 3_600_000 },
  outage: { first: 500, most: 30_000 },
  move: 30_000,
  session: 30_000,
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

export type Mailer = ReturnType<typeof createMailer>;

/**
 * The topic's consumer: each message becomes a mail, or ends on the retry or the dead topic. Any number of processes
 * share the partitions. An offset is committed once everything before it is done with; what a killed process had not
 * committed comes again, and is known by its event id where that was remembered.
 */
export function createMailer(options: MailerOptions) {
  const { topics, writer, logger } = options;
  const timing = { ...usualTiming, ...options.timing };
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const topicWriter = createTopicWriter(options.kafka, logger);
  const counts: MailerCounts = { sent: 0, again: 0, repeated: 0, deferred: 0, dead: 0 };
  let ready: Entry[] = [];
  const inFlight = new Set<Promise<void>>();
  let running: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;

  const membership = createMembership(
    {
      ...{ kafka: options.kafka, logger, groupId: mailerGroup(topics) },
      ...{ outage: timing.outage, sessionTimeout: timing.session },
      ...{ topics: [topics.main, topics.retry], alsoNeeded: [topics.dead], onMessages: take },
      onHeard: pump,
      onLanesClosed() {
        waitingRoom.dropClosed();
        ready = ready.filter(({ lane }) => !lane.closed);
      },
    },
    stopping.signal,
  );
  const lanes = (): Lane[] => membership.session?.lanes() ?? [];
  const waitingRoom = new WaitingRoom((entry) => {
    ready.push(entry);
    pump();
  }, finish);
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
      for (const lane of lanes()) steer(lane);
      pump();
    },
  });

  const mover = createMover({
    async move(isOver) {
      for (const lane of lanes()) {
        if (lane.topic === topics.retry) await waitingRoom.moveHeldUp(lane, topicWriter, isOver);
      }
    },
    ...{ every: timing.move, logger },
  });

  const delivery = {
    sentLog: options.sentLog,
    maxAttempts: options.maxAttempts,
    send: (email: OutgoingEmail) => writer.send(email, givingUp.signal),
  };
  const settling = {
    ...{ writer: topicWriter, topics, retryBackoff: timing.retry, outage: timing.outage },
    ...{ counts, logger, onSent: options.onSent, givingUp: givingUp.signal },
  };

  function take(lane: Lane, messages: readonly KafkaMessage[]): void {
    for (const message of messages) {
      const wait = lane.topic === topics.retry ? dueAt(message) - Date.now() : 0;
      if (wait > 0) waitingRoom.wait({ lane, message }, Math.min(wait, 2 * timing.retry.most));
      else ready.push({ lane, message });
    }
    steer(lane);
    pump();
  }

  /** Fetches no more than can be held, and nothing while nothing can be sent. */
  function steer(lane: Lane): void {
    const most = lane.topic === topics.retry ? mostWaiting : mostInHand;
    membership.session?.setPaused(lane, gate.isClosed || lane.unfinished >= most);
  }

  /** While it is joining there is no session yet, and what lies here is new. */
  const mayBeOurs = (): boolean => membership.session?.isHeard ?? true;

  function pump(): void {
    while (
      ready.length > 0 &&
      inFlight.size < gate.width(writer.connections * 2) &&
      mayBeOurs() &&
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
      outcome = await deliver(delivery, entry.message);
    } catch (error) {
      logger.error(
        { event: 'mailer.failed', error: describeError(error) },
        'A message could not be worked on',
      );
      waitingRoom.wait(entry, timing.outage.most);
      return;
    }
    if (outcome.status === 'elsewhere') {
      return waitingRoom.wait(entry, Math.min(outcome.for, longestLook));
    }
    if (outcome.status === 'outage') {
      // Behind the others: should the server break off at this one alone, the next one shows it.
      ready.push(entry);
      return gate.failed(outcome.error);
    }
    if (outcome.status === 'sent' || 'detail' in outcome) gate.worked();
    if (await settleOutcome(settling, entry, outcome)) finish(entry);
  }

  function finish({ lane, message }: Entry): void {
    lane.finish(message.offset);
    steer(lane);
    membership.session?.commitSoon();
  }

  async function stop(): Promise<void> {
    stopping.abort();
    gate.stop();
    waitingRoom.stop();
    const patience = setTimeout(() => givingUp.abort(), stopPatience);
    await untilAborted(givingUp.signal, Promise.all(inFlight));
    clearTimeout(patience);
    await mover.stop();
    await membership.session?.commit();
    // One that was joining meanwhile is the session by then.
    await running;
    await Promise.all([membership.session?.leave(), topicWriter.close()]);
  }

  return {
    /** Joins the group, now or as soon as Kafka is there. */
    start(): void {
      if (running) return;
      gate.start();
      running = membership.keep();
      mover.start();
    },
    /** Lets the mails in flight finish, commits, leaves the group: within 10 s. Idempotent. */
    stop: () => (stopped ??= stop()),
    get kafka(): 'joined' | 'away' {
      return membership.away === undefined ? 'joined' : 'away';
    },
    /** Why Kafka is away: a code of KafkaError, or `not-joined` at first. */
    get awayReason(): string | undefined {
      return membership.away;
    },
    get smtp(): 'answering' | 'away' {
      return gate.isClosed ? 'away' : 'answering';
    },
    counts: counts as Readonly<MailerCounts>,
    /** Messages in this process's partitions that are not done with, the retry topic's included; NaN while Kafka is away. */
    async waiting(): Promise<number> {
      if (membership.away !== undefined) return Number.NaN;
      await membership.session?.refreshHighWatermarks();
      return lanes().reduce((sum, lane) => sum + lane.waiting(), 0);
    },
  };
}
