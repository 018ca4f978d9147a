/** Cuts a byte stream into the messages of a protocol; what is incomplete waits for its rest. */
export function frameReader(lengthOf: (head: Buffer) => number | undefined): (data: Buffer) => Buffer[] {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    const frames: Buffer[] = [];
    for (;;) {
      const length = lengthOf(rest);
      if (length === undefined || rest.length < length) return frames;
      frames.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  };
}
