import type { Message } from 'kafkajs';

/** Half of what Kafka takes in one request to one partition by default (`max.message.bytes`, a megabyte). */
const mostBytes = 500_000;
/** At a kilobyte each. kafkajs encodes a request in one go, too: the more there are, the longer nothing else has its turn. */
const mostMessages = 500;
/** Of a message, and of each header: lengths, offset, time. More than it is. */
const overhead = 32;

/** Cuts what is to be written, in its order, into parts that Kafka takes in one request each. One that is larger stands alone. */
export function requestParts<T>(
  items: readonly T[],
  messageOf: (item: T) => Pick<Message, 'key' | 'value' | 'headers'>,
): T[][] {
  const parts: T[][] = [];
  let last: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(messageOf(item));
    if (last.length === 0 || last.length >= mostMessages || bytes + size > mostBytes) {
      parts.push((last = []));
      bytes = 0;
    }
    last.push(item);
    bytes += size;
  }
  return parts;
}

function sizeOf({ key, value, headers = {} }: Pick<Message, 'key' | 'value' | 'headers'>): number {
  const inHeaders = Object.entries(headers).flatMap(([name, one]) =>
    [one ?? ''].flat().map((text) => lengthOf(name) + lengthOf(text) + overhead),
  );
  return lengthOf(key) + lengthOf(value) + overhead + inHeaders.reduce((sum, size) => sum + size, 0);
}

function lengthOf(text: string | Buffer | null | undefined): number {
  return text ? Buffer.byteLength(text) : 0;
}
