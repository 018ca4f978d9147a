import type { FaultCode } from '../faults.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import { canonicalFullName } from '../users/full-name.js';
import { canonicalLanguageTag } from '../users/language.js';
import { type ForeignHashes, isForeignHash, isReadableHash } from '../users/foreign-hashes.js';

/** A user of another system, checked and in canonical form. */
export interface ImportedUser {
  email: string;
  hashed_password: string;
  full_name: string | null;
  speaking_language: string;
  listening_language: string;
  is_verified: boolean;
}

export type ImportFaultCode =
  | FaultCode
  | 'COLUMNS_MISSING'
  | 'LINE_NOT_READABLE'
  | 'HASH_NOT_READABLE'
  | 'VERIFIED_NOT_BOOLEAN'
  | 'EMAIL_TWICE';

/** What is wrong with a line, counted from 1. Values are not repeated. */
export interface ImportFault {
  line: number;
  field: string;
  code: ImportFaultCode;
  /** Of EMAIL_TWICE: the line that has the address first. */
  earlier?: number;
}

export interface ReadImport {
  users: ImportedUser[];
  faults: ImportFault[];
  /** How many of the users have a hash that only the host's verifier reads. */
  foreign: number;
  /** Columns that are none of ours, and were left out. */
  ignored: string[];
}

const columnNames = {
  email: true,
  hashed_password: true,
  full_name: true,
  speaking_language: true,
  listening_language: true,
  is_verified: true,
} satisfies Record<keyof ImportedUser, true>;

/**
 * Reads all lines, and finds every fault of each.
 *
 * @param format of CSV the first line names the columns
 * @param foreign the host's verifier, for hashes that are none of ours
 * @throws HookFailedError (`HOOK_FAILED`) by that
 */
export function readImport(text: string, format: 'jsonl' | 'csv', foreign?: ForeignHashes): ReadImport {
  const read: ReadImport = { users: [], faults: [], foreign: 0, ignored: [] };
  const seen = new Map<string, number>();
  const ignored = new Set<string>();
  for (const { line, row } of format === 'csv' ? csvRows(text) : jsonRows(text)) {
    const faults: ImportFault[] = [];
    const refuse = (field: string, code: ImportFaultCode) => void faults.push({ line, field, code });
    const user = typeof row === 'string' ? refuse('', row) : userOf(row, foreign, refuse);
    for (const name of typeof row === 'string' ? [] : Object.keys(row)) {
      if (!Object.hasOwn(columnNames, name)) ignored.add(name);
    }
    const earlier = user && seen.get(user.email);
    if (earlier !== undefined && faults.length === 0) {
      faults.push({ line, field: 'email', code: 'EMAIL_TWICE', earlier });
    }
    read.faults.push(...faults);
    if (!user || faults.length > 0) continue;
    seen.set(user.email, line);
    read.users.push(user);
    if (isForeignHash(foreign, user.hashed_password)) read.foreign += 1;
  }
  read.ignored.push(...ignored);
  return read;
}

type Row = Readonly<Record<string, unknown>>;

/** As JSON, PostgreSQL (t, f), MySQL (1, 0) and a spreadsheet (TRUE) write it. */
const yes = new Set<unknown>([true, 1, 'true', 't', '1']);
const no = new Set<unknown>([false, 0, 'false', 'f', '0', '']);

function userOf(
  row: Row,
  foreign: ForeignHashes | undefined,
  refuse: (field: string, code: ImportFaultCode) => void,
): ImportedUser {
  const email = canonicalEmailAddress(textOf(row['email']));
  if (!email.ok) refuse('email', email.fault);
  const hash = textOf(row['hashed_password']);
  if (!isReadableHash(foreign, hash)) refuse('hashed_password', 'HASH_NOT_READABLE');
  const name = canonicalFullName(textOf(row['full_name']));
  if (!name.ok) refuse('full_name', name.fault);
  const language = (field: string): string => {
    if (!isTextOrNone(row[field])) refuse(field, 'LANGUAGE_NOT_TEXT');
    const tag = canonicalLanguageTag(textOf(row[field]) || 'en');
    if (!tag.ok) refuse(field, tag.fault);
    return tag.ok ? tag.tag : '';
  };
  const value = row['is_verified'] ?? '';
  const verified = typeof value === 'string' ? value.toLowerCase() : value;
  if (!yes.has(verified) && !no.has(verified)) refuse('is_verified', 'VERIFIED_NOT_BOOLEAN');
  if (!isTextOrNone(row['full_name'])) refuse('full_name', 'FULL_NAME_NOT_TEXT');
  return {
    email: email.ok ? email.address : '',
    hashed_password: hash,
    full_name: name.ok ? name.name : null,
    speaking_language: language('speaking_language'),
    listening_language: language('listening_language'),
    is_verified: yes.has(verified),
  };
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface NumberedRow {
  line: number;
  row: Row | 'COLUMNS_MISSING' | 'LINE_NOT_READABLE';
}

function* jsonRows(text: string): Generator<NumberedRow> {
  for (const [index, json] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (json.trim() !== '') yield { line: index + 1, row: parsed(json) };
  }
}

function parsed(json: string): NumberedRow['row'] {
  try {
    const value: unknown = JSON.parse(json);
    const isRow = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRow ? (value as Row) : 'LINE_NOT_READABLE';
  } catch {
    return 'LINE_NOT_READABLE';
  }
}

/** RFC 4180: a field in quotes may hold commas, doubled quotes and line breaks. */
function* csvRows(text: string): Generator<NumberedRow> {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  const body = text.replace(/^\uFEFF/, '');
  let columns: string[] | undefined;
  let cells: string[] = [];
  let line = 1;
  let startedAt = 1;
  while (field.lastIndex < body.length) {
    const match = field.exec(body);
    if (!match) {
      // What follows a quote that closes nothing cannot be told apart any more.
      yield { line: startedAt, row: 'LINE_NOT_READABLE' };
      return;
    }
    const [whole, quoted, plain = '', end] = match;
    cells.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    if (end === ',' && field.lastIndex < body.length) continue;
    const names = columns;
    if (!names) {
      if (!cells.includes('email') || !cells.includes('hashed_password')) {
        yield { line: 1, row: 'COLUMNS_MISSING' };
        return;
      }
      columns = cells;
    } else if (cells.length > 1 || cells[0] !== '') {
      const row = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
      yield { line: startedAt, row: cells.length > names.length ? 'LINE_NOT_READABLE' : row };
    }
    cells = [];
    startedAt = line;
  }
}
