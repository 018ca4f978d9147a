import type { KafkaMessage, Message } from 'kafkajs';
import { getOrMake } from '../get-or-make.js';
import { KafkaError } from '../publishers/kafka/kafka-error.js';
import { requestParts } from '../publishers/kafka/request-parts.js';
import type { Lane } from './lane.js';
import type { TopicWriter } from './topic-writer.js';

/** A message in hand. */
export interface Entry {
  readonly lane: Lane;
  readonly message: KafkaMessage;
}

/** The messages in hand that only wait for their time. */
export class WaitingRoom {
  readonly #waiting = new Map<Lane, Map<Entry, NodeJS.Timeout>>();

  /**
   * @param onDue told of each whose time has come
   * @param onMoved told of each that is done with, since it stands on the topic anew
   */
  constructor(
    readonly onDue: (entry: Entry) => void,
    readonly onMoved: (entry: Entry) => void,
  ) {}

  /** How many wait. */
  get size(): number {
    return [...this.#waiting.values()].reduce((sum, { size }) => sum + size, 0);
  }

  wait(entry: Entry, milliseconds: number): void {
    if (entry.lane.closed) return;
    const timer = setTimeout(() => {
      this.#forget(entry);
      this.onDue(entry);
    }, milliseconds);
    getOrMake(this.#waiting, entry.lane, () => new Map<Entry, NodeJS.Timeout>()).set(entry, timer);
  }

  /**
   * Writes anew, behind the others of their topic, those of the lane that stand before what is done with: an email that
   * waits an hour would hold up the commit of those that waited a minute, and a restart read them again.
   *
   * @param isOver asked before each request: those after it stay where they are
   * @throws KafkaError when the others are moved, where one was refused; at once in an outage
   */
  async moveHeldUp(
    lane: Lane,
    writer: Pick<TopicWriter, 'write'>,
    isOver: () => boolean = () => false,
  ): Promise<void> {
    const heldUp = new Set(lane.heldUp());
    const entries = [...(this.#waiting.get(lane)?.keys() ?? [])].filter(({ message }) =>
      heldUp.has(message.offset),
    );
    const parts = requestParts(entries, ({ message }) => message);
    let refusal: KafkaError | undefined;
    for (let part = parts.shift(); part && !isOver(); part = parts.shift()) {
      // Some may have become due since.
      const waiting = part.filter((entry) => this.#waiting.get(lane)?.has(entry));
      if (waiting.length === 0) continue;
      try {
        await writer.write(lane.topic, waiting.map(anew));
      } catch (error) {
        if (!(error instanceof KafkaError && error.isMessageFault)) throw error;
        if (waiting.length === 1) refusal ??= error;
        else parts.unshift(...halves(waiting));
        continue;
      }
      for (const entry of waiting) {
        // It may have become due meanwhile; then it is on its way, and known by its event id when it comes again.
        if (this.#forget(entry)) this.onMoved(entry);
      }
    }
    if (refusal) throw refusal;
  }

  /** Lets go of those whose partition is somebody else's now. */
  dropClosed(): void {
    for (const [lane, entries] of this.#waiting) {
      if (!lane.closed) continue;
      for (const timer of entries.values()) clearTimeout(timer);
      this.#waiting.delete(lane);
    }
  }

  /** None becomes due any more. */
  stop(): void {
    for (const entries of this.#waiting.values()) {
      for (const timer of entries.values()) clearTimeout(timer);
    }
  }

  /** Whether it waited. */
  #forget(entry: Entry): boolean {
    const entries = this.#waiting.get(entry.lane);
    clearTimeout(entries?.get(entry));
    const hasWaited = entries?.delete(entry) ?? false;
    if (entries?.size === 0) this.#waiting.delete(entry.lane);
    return hasWaited;
  }
}

function anew({ message: { key, value, headers } }: Entry): Message {
  return { key, value, ...(headers ? { headers } : {}) };
}

/** Kafka refuses a request whole: in halves the good ones pass, whatever the topic's limit is. */
function halves<T>(items: readonly T[]): T[][] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
