import { setTimeout as delay } from 'node:timers/promises';
import { backoff } from '../backoff.js';
import { untilAborted } from '../deadline.js';
import { KafkaError, toKafkaError } from '../publishers/kafka/kafka-error.js';
import { type ConsumerSession, openSession, type SessionOptions } from './consumer-session.js';

/**
 * Milliseconds after which a word of Kafka's says that all is well. Whoever may join and not read is out again within one
 * fetch, and other brokers' answers, with a heartbeat behind them, come until then.
 */
const trialPeriod = 1_000;

export interface MembershipOptions extends SessionOptions {
  /** While Kafka is away. */
  outage: { first: number; most: number };
}

/** The place in the consumer group, kept over every outage of Kafka's. */
export function createMembership(options: MembershipOptions, signal: AbortSignal, open = openSession) {
  const { logger, outage, topics } = options;
  let session: ConsumerSession | undefined;
  let away: string | undefined = 'not-joined';

  /** Joins, and joins again whenever it was lost, until the signal ends it. */
  async function keep(): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      let joinedAt = Infinity;
      const onHeard = (): void => {
        if (performance.now() - joinedAt > trialPeriod) {
          away = undefined;
          failures = 0;
        }
        options.onHeard();
      };
      try {
        session = await open({ ...options, onHeard }, signal);
        joinedAt = performance.now();
        const cause = await untilAborted(signal, session.crashed);
        if (signal.aborted) return;
        throw cause;
      } catch (error) {
        failures += 1;
        tellAway(error);
        void session?.leave();
        session = undefined;
        await delay(backoff(failures, outage), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Once, and again when it is another reason: brokers that are back may miss a topic. */
  function tellAway(error: unknown): void {
    const { code, message } = error instanceof KafkaError ? error : toKafkaError(error, topics.join(' or '));
    const isKnown = away === code;
    away = code;
    if (isKnown) return;
    logger.error(
      { event: 'mailer.kafka-away', error: { code, message } },
      'The topic cannot be read; trying on',
    );
  }

  return {
    /** The present one, from its joining on. */
    get session(): ConsumerSession | undefined {
      return session;
    },
    /** A code of KafkaError, or `not-joined` at first; undefined once Kafka has heard the present session. */
    get away(): string | undefined {
      return away;
    },
    keep,
  };
}
