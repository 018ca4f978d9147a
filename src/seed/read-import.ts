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
  FaultCode | 'LINE_NOT_READABLE' | 'HASH_NOT_READABLE' | 'VERIFIED_NOT_BOOLEAN' | 'EMAIL_TWICE';

/** What is wrong with a line, counted from 1. Values are not repeated. */
export interface ImportFault {
  line: number;
  field: string;
  code: ImportFaultCode;
}

export interface ReadImport {
  users: ImportedUser[];
  faults: ImportFault[];
  /** How many of the users have a hash that only the host's verifier reads. */
  foreign: number;
}

/**
 * Reads all lines, and finds every fault of each.
 *
 * @param format of CSV the first line names the columns
 * @param foreign the host's verifier, for hashes that are none of ours
 * @throws HookFailedError (`HOOK_FAILED`) by that
 */
export function readImport(text: string, format: 'jsonl' | 'csv', foreign?: ForeignHashes): ReadImport {
  const read: ReadImport = { users: [], faults: [], foreign: 0 };
  const seen = new Set<string>();
  for (const { line, row } of format === 'csv' ? csvRows(text) : jsonRows(text)) {
    const faults: ImportFault[] = [];
    const refuse = (field: string, code: ImportFaultCode) => void faults.push({ line, field, code });
    const user = row === null ? refuse('', 'LINE_NOT_READABLE') : userOf(row, foreign, refuse);
    if (user && faults.length === 0 && seen.has(user.email)) refuse('email', 'EMAIL_TWICE');
    read.faults.push(...faults);
    if (!user || faults.length > 0) continue;
    seen.add(user.email);
    read.users.push(user);
    if (isForeignHash(foreign, user.hashed_password)) read.foreign += 1;
  }
  return read;
}

type Row = Readonly<Record<string, unknown>>;

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
  const verified = row['is_verified'];
  const isVerified = verified === true || verified === 'true';
  if (!isVerified && ![false, 'false', '', null, undefined].includes(verified as undefined)) {
    refuse('is_verified', 'VERIFIED_NOT_BOOLEAN');
  }
  if (!isTextOrNone(row['full_name'])) refuse('full_name', 'FULL_NAME_NOT_TEXT');
  return {
    email: email.ok ? email.address : '',
    hashed_password: hash,
    full_name: name.ok ? name.name : null,
    speaking_language: language('speaking_language'),
    listening_language: language('listening_language'),
    is_verified: isVerified,
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
  row: Row | null;
}

function* jsonRows(text: string): Generator<NumberedRow> {
  for (const [index, json] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (json.trim() !== '') yield { line: index + 1, row: parsed(json) };
  }
}

function parsed(json: string): Row | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null;
  } catch {
    return null;
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
      yield { line: startedAt, row: null };
      return;
    }
    const [whole, quoted, plain = '', end] = match;
    cells.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    if (end === ',' && field.lastIndex < body.length) continue;
    const names = columns;
    if (!names) columns = cells;
    else if (cells.length > 1 || cells[0] !== '') {
      const row = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
      yield { line: startedAt, row: cells.length > names.length ? null : row };
    }
    cells = [];
    startedAt = line;
  }
}
