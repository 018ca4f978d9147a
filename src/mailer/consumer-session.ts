import type { Admin, Consumer, ConsumerCrashEvent, Kafka, KafkaMessage } from 'kafkajs';
import { getOrMake } from '../get-or-make.js';
import { untilAborted, withDeadline } from '../deadline.js';
import type { Logger } from '../logger.js';
import type { KafkaOptions } from '../options/kafka-options.js';
import { createKafkaClient, withAdmin } from '../publishers/kafka/kafka-client.js';
import { KafkaError, toKafkaError } from '../publishers/kafka/kafka-error.js';
import { Lane } from './lane.js';

const adminDeadline = 5_000;
const asking = { deadline: adminDeadline, what: 'asking Kafka' };
const joinDeadline = 60_000;
const commitPause = 50;
const failedPause = 1_000;
/** How long a mail may lie before it is seen, where its partition was just resumed; also the pace of idle fetches. */
const longestFetch = 500;

export interface SessionOptions {
  kafka: KafkaOptions;
  groupId: string;
  /** Those to read. */
  topics: readonly string[];
  /** Those that must be there as well. */
  alsoNeeded: readonly string[];
  logger: Logger;
  /** Milliseconds without a word after which the others get its partitions. */
  sessionTimeout: number;
  /** Messages of a lane, in order. Their work goes on behind it: Kafka hears our heartbeat meanwhile. */
  onMessages(lane: Lane, messages: readonly KafkaMessage[]): void;
  /** Lanes were closed: what lies here of them comes again, to us or another. */
  onLanesClosed(): void;
  /** Kafka has answered that this process still is a member of the group: every three seconds or so. */
  onHeard(): void;
}

/** One membership in the consumer group, from joining to leaving or a crash. */
export type ConsumerSession = Awaited<ReturnType<typeof openSession>>;

/**
 * Joins the group. Offsets are committed by `commit` alone.
 *
 * @throws KafkaError where a topic is missing or hidden, and kafkajs's own
 */
export async function openSession(options: SessionOptions, signal: AbortSignal) {
  const { groupId, topics, logger } = options;
  const kafka = createKafkaClient(options.kafka, logger);
  await requireTopics(kafka, [...topics, ...options.alsoNeeded]);
  const { sessionTimeout } = options;
  const rebalanceTimeout = 2 * sessionTimeout;
  const heartbeatInterval = sessionTimeout / 10;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: longestFetch,
    ...{ sessionTimeout, rebalanceTimeout, heartbeatInterval },
    // A coordinator that is loading or moving is nothing to begin anew for; all else we do ourselves.
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });
  const lanes = new Map<string, Lane>();
  let heardAt = performance.now();
  const keyOf = (topic: string, partition: number): string => `${partition} ${topic}`;

  function dropLanes(): void {
    for (const lane of lanes.values()) lane.closed = true;
    lanes.clear();
    options.onLanesClosed();
  }

  /** Commits what is finished by now; resolves with whether it could. What is not committed comes again, to us or another. */
  async function commit(): Promise<boolean> {
    const offsets = [...lanes.values()].flatMap((lane) => {
      const offset = lane.progress();
      return offset === undefined ? [] : [{ lane, offset }];
    });
    if (offsets.length === 0) return true;
    try {
      const commits = offsets.map(({ lane: { topic, partition }, offset }) => ({
        topic,
        partition,
        offset,
      }));
      await withDeadline(consumer.commitOffsets(commits), adminDeadline, 'committing');
      for (const { lane, offset } of offsets) lane.committed(offset);
      return true;
    } catch (error) {
      const { name } = error as Error;
      logger.debug({ event: 'mailer.commit-failed', error: { name } }, 'Offsets were not committed');
      return false;
    }
  }

  let committing: NodeJS.Timeout | undefined;

  function commitIn(pause: number): void {
    committing ??= setTimeout(() => void commitAndGoOn(), pause);
  }

  async function commitAndGoOn(): Promise<void> {
    const done = await commit();
    committing = undefined;
    const hasMore = [...lanes.values()].some((lane) => lane.progress() !== undefined);
    if (!done || hasMore) commitIn(done ? commitPause : failedPause);
  }

  // Whatever we hold, kafkajs reads every partition again from what was committed.
  consumer.on('consumer.group_join', ({ payload }) => {
    dropLanes();
    heardAt = performance.now();
    const assigned = Object.entries(payload.memberAssignment);
    for (const [topic, partitions] of assigned) consumer.resume([{ topic, partitions }]);
    logger.info(
      { event: 'mailer.joined', partitions: assigned.flatMap(([, partitions]) => partitions).length },
      'Joined the group',
    );
  });
  consumer.on('consumer.rebalancing', () => {
    // For the last time as who we were: whoever gets these partitions sends again what is not committed.
    void commit();
    dropLanes();
  });
  consumer.on('consumer.heartbeat', () => {
    heardAt = performance.now();
    options.onHeard();
  });
  let watch: NodeJS.Timeout | undefined;
  const crashed = new Promise<unknown>((resolve) => {
    consumer.on('consumer.crash', ({ payload }: ConsumerCrashEvent) => resolve(payload.error));
    // kafkajs reckons with the clock of the day: put back, it gives no word for as long, and never hears that it is out.
    watch = setInterval(() => {
      if (performance.now() - heardAt < sessionTimeout + rebalanceTimeout) return;
      resolve(new KafkaError('unavailable', 'Kafka: no word from the group for too long'));
    }, heartbeatInterval).unref();
  });

  const joining = (async () => {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      async eachBatch(payload) {
        const { batch } = payload;
        const { topic, partition } = batch;
        const lane = getOrMake(lanes, keyOf(topic, partition), () => new Lane(topic, partition));
        lane.highWatermark = batch.highWatermark;
        for (const { offset } of batch.messages) lane.add(offset);
        options.onMessages(lane, batch.messages);
        await payload.heartbeat();
      },
    });
  })();
  try {
    const joined = withDeadline(joining, joinDeadline, 'joining the group');
    const failed = crashed.then((error) => Promise.reject(error as Error));
    await untilAborted(signal, Promise.race([joined, failed]));
  } catch (error) {
    clearInterval(watch);
    dropLanes();
    void leave(consumer, joining);
    throw error;
  }

  return {
    lanes: () => [...lanes.values()],
    /**
     * Kafka has had a word of ours within the session's time. Where it has not, because this process or machine stood
     * still, the partitions may be another's, who has sent what lies here.
     */
    get isHeard(): boolean {
      return performance.now() - heardAt < sessionTimeout;
    },
    commit,
    /** The same within moments, with whatever else is finished by then; again where it fails. */
    commitSoon: () => commitIn(commitPause),
    setPaused(lane: Lane, paused: boolean): void {
      if (lane.closed || lane.paused === paused) return;
      lane.paused = paused;
      const partitions = [{ topic: lane.topic, partitions: [lane.partition] }];
      if (paused) consumer.pause(partitions);
      else consumer.resume(partitions);
    },
    /** Asks Kafka how far the partitions reach by now. */
    async refreshHighWatermarks(): Promise<void> {
      const refresh = async (admin: Admin): Promise<void> => {
        for (const topic of topics) {
          for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
            const lane = lanes.get(keyOf(topic, partition));
            if (lane) lane.highWatermark = high;
          }
        }
      };
      await withAdmin(kafka, refresh, asking);
    },
    /** Resolves when the session has crashed, with the cause. */
    crashed,
    async leave(): Promise<void> {
      clearInterval(watch);
      clearTimeout(committing);
      dropLanes();
      await leave(consumer, joining);
    },
  };
}

/**
 * Nothing here creates a topic: how many partitions and copies it has is the operator's decision. Asked by name: a list
 * leaves out what this user may not see, and that is not missing.
 */
async function requireTopics(kafka: Kafka, needed: readonly string[]): Promise<void> {
  const missing: string[] = [];
  const ask = async (admin: Admin): Promise<void> => {
    for (const topic of needed) {
      await admin.fetchTopicMetadata({ topics: [topic] }).catch((error: unknown) => {
        const fault = toKafkaError(error, topic);
        if (fault.code !== 'topic-missing') throw fault;
        missing.push(topic);
      });
    }
  };
  await withAdmin(kafka, ask, asking);
  if (missing.length === 0) return;
  const names = missing.join(', ');
  throw new KafkaError('topic-missing', `Kafka: there is no topic ${names}: create it`);
}

async function leave(consumer: Consumer, joining: Promise<void>): Promise<void> {
  const disconnect = (): Promise<void> => consumer.disconnect().catch(() => undefined);
  // Not before it has joined: kafkajs leaves no group that it is still joining, and is a member for good.
  const leaving = joining.catch(() => undefined).then(disconnect);
  // A broker that does not answer must not hold up the end: the group misses us after the session's time.
  await withDeadline(leaving, adminDeadline, 'leaving the group').catch(() => void disconnect());
}
