import type { KafkaMessage } from 'kafkajs';
import type { Lane } from './lane.js';
import type { TopicWriter } from './topic-writer.js';

/** A message in hand. */
export interface Entry {
  readonly lane: Lane;
  readonly message: KafkaMessage;
}

/** The messages in hand that only wait for their time. */
export class WaitingRoom {
  readonly #waiting = new Map<Entry, NodeJS.Timeout>();

  /**
   * @param onDue told of each whose time has come
   * @param onMoved told of each that is done with, since it stands on the topic anew
   */
  constructor(
    readonly onDue: (entry: Entry) => void,
    readonly onMoved: (entry: Entry) => void,
  ) {}

  wait(entry: Entry, milliseconds: number): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(entry);
      this.onDue(entry);
    }, milliseconds);
    this.#waiting.set(entry, timer);
  }

  /**
   * Writes anew, behind the others of their topic, those of the lane that stand before what is done with: an email that
   * waits an hour would hold up the commit of those that waited a minute, and a restart read them again.
   */
  async moveHeldUp(lane: Lane, writer: Pick<TopicWriter, 'write'>): Promise<void> {
    const heldUp = new Set(lane.heldUp());
    const entries = [...this.#waiting.keys()].filter(
      (entry) => entry.lane === lane && heldUp.has(entry.message.offset),
    );
    if (entries.length === 0) return;
    const messages = entries.map(({ message: { key, value, headers } }) => ({
      key,
      value,
      ...(headers ? { headers } : {}),
    }));
    await writer.write(lane.topic, messages);
    for (const entry of entries) {
      const timer = this.#waiting.get(entry);
      // It may have become due meanwhile; then it is on its way, and known by its event id when it comes again.
      if (!this.#waiting.delete(entry)) continue;
      clearTimeout(timer);
      this.onMoved(entry);
    }
  }

  /** None becomes due any more. */
  stop(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
  }
}
