import pg from 'pg';

type Read = (text: string) => unknown;

/**
 * How the answers to our statements are read, by the type's OID (pg_type), from the text of a session of ours
 * (session.ts). Not by node-postgres's own table, which is one for the process and a host's to change. A type that is
 * not here is read as text: bigint and numeric among them, which a number cannot hold.
 */
const readers: Readonly<Record<number, Read>> = {
  16: (text) => text === 't',
  17: (text) => Buffer.from(text.slice(2), 'hex'),
  23: Number,
  114: JSON.parse,
  701: Number,
  1184: readTime,
};

/** The arrays that there are: of texts and of times. */
const elementOf: Readonly<Record<number, number>> = { 1009: 25, 1185: 1184 };

/** What node-postgres asks for the reader of a column. */
export const types = { getTypeParser: (oid: number): Read => readerOf(oid) };

function readerOf(oid: number): Read {
  const element = elementOf[oid];
  if (element === undefined) return readers[oid] ?? asText;
  const { arrayParser } = pg.types as unknown as {
    arrayParser: { create(text: string, read: Read): { parse(): unknown[] } };
  };
  return (text) => arrayParser.create(text, readerOf(element)).parse();
}

const asText: Read = (text) => text;

/** `2026-03-14 12:00:00.123456+00`. What no Date can hold (`infinity`, a year before Christ) is an invalid one. */
function readTime(text: string): Date {
  const parts = /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?(?:\+00)?$/.exec(text);
  if (!parts) return new Date(Number.NaN);
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [number, ...number[]];
  const time = new Date(0);
  time.setUTCFullYear(year, (month as number) - 1, day);
  time.setUTCHours(hour as number, minute, second, Number((parts[7] ?? '').padEnd(3, '0')));
  return time;
}
