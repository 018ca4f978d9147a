import type { FaultCode } from '../faults.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import { canonicalFullName } from '../users/full-name.js';
import { canonicalLanguageTag } from '../users/language.js';
import { type ForeignHashes, isForeignHash, isReadableHash } from '../passwords/foreign-hashes.js';
import type { User } from '../users/user.js';
import { csvRows, linesOf } from './csv-rows.js';

/** A user of another system, checked and in canonical form. */
export type ImportedUser = Pick<User, (typeof importedColumns)[number]>;

export const importedColumns = [
  'email',
  'hashed_password',
  'full_name',
  'speaking_language',
  'listening_language',
  'is_active',
  'is_verified',
] as const;

/** What leaves nothing of the file that could be told apart, or nobody. */
export type FileFaultCode = 'COLUMNS_MISSING' | 'COLUMN_TWICE' | 'QUOTE_NOT_CLOSED' | 'NO_USERS';

export type ImportFaultCode =
  | FaultCode
  | FileFaultCode
  | 'LINE_NOT_READABLE'
  | 'HASH_NOT_READABLE'
  | 'NOT_BOOLEAN'
  | 'NULL_AS_TEXT'
  | 'EMAIL_TWICE';

/** What is wrong with a line or the whole file; lines are counted from 1. Values are not repeated. */
export interface ImportFault {
  line: number;
  field: string;
  code: ImportFaultCode;
  /** Of EMAIL_TWICE: the line that has the address first. */
  earlier?: number;
}

/** Why the whole file is refused. */
export interface FileFault extends ImportFault {
  code: FileFaultCode;
}

export interface ReadImport {
  /** Why the file is refused as a whole. There are no users then. */
  refused: FileFault | undefined;
  /** How many the file has, the one that names the columns and empty ones among them. */
  lines: number;
  /** The row that goes over the most lines, where any goes over several. */
  longest: { line: number; lastLine: number } | undefined;
  users: ImportedUser[];
  /** Where each of them stands, by the address. */
  lineOf: Map<string, number>;
  faults: ImportFault[];
  /** Those of the users whose hash only the host's verifier reads. */
  foreign: Set<ImportedUser>;
  /** Columns that are none of ours, and were left out. */
  ignored: string[];
}

/**
 * Reads all lines, and finds every fault of each.
 *
 * @param format of CSV the first line names the columns
 * @param foreign the host's verifier, for hashes that are none of ours
 * @throws HookFailedError (`HOOK_FAILED`) by that
 */
export function readImport(file: string, format: 'jsonl' | 'csv', foreign?: ForeignHashes): ReadImport {
  const text = file.replace(/^\uFEFF/, '');
  const read: ReadImport = {
    refused: undefined,
    lines: text.trim() === '' ? 0 : linesOf(text.trimEnd()),
    longest: undefined,
    users: [],
    lineOf: new Map(),
    faults: [],
    foreign: new Set(),
    ignored: [],
  };
  const refused = (line: number, code: FileFaultCode, field = ''): ReadImport => ({
    ...read,
    refused: { line, field, code },
    users: [],
    lineOf: new Map(),
    foreign: new Set(),
  });
  const named = new Set<string>();
  let rows = 0;
  for (const { line, lastLine = line, row, field } of format === 'csv' ? namedRows(text) : jsonRows(text)) {
    if (typeof row === 'string' && row !== 'LINE_NOT_READABLE') return refused(line, row, field);
    rows += 1;
    const { longest = { line: 1, lastLine: 1 } } = read;
    if (lastLine - line > longest.lastLine - longest.line) read.longest = { line, lastLine };
    const faults: ImportFault[] = [];
    const refuse = (name: string, code: ImportFaultCode) => void faults.push({ line, field: name, code });
    if (row === 'LINE_NOT_READABLE') {
      read.faults.push({ line, field: '', code: row });
      continue;
    }
    for (const name of Object.keys(row)) named.add(name);
    const user = userOf(row, foreign, refuse);
    const earlier = read.lineOf.get(user.email);
    if (earlier !== undefined && faults.length === 0) {
      faults.push({ line, field: 'email', code: 'EMAIL_TWICE', earlier });
    }
    read.faults.push(...faults);
    if (faults.length > 0) continue;
    read.lineOf.set(user.email, line);
    read.users.push(user);
    if (isForeignHash(foreign, user.hashed_password)) read.foreign.add(user);
  }
  if (rows === 0) return refused(1, 'NO_USERS');
  if (named.size > 0) {
    const missing = missingColumn([...named]);
    if (missing !== undefined) return refused(1, 'COLUMNS_MISSING', missing);
  }
  read.ignored.push(...[...named].filter((name) => name !== '' && !isColumn(name)));
  return read;
}

type Row = Readonly<Record<string, unknown>>;

/** As JSON, PostgreSQL (t, f), MySQL (1, 0) and a spreadsheet (TRUE) write it. */
const yes = new Set<unknown>([true, 1, 'true', 't', '1']);
const no = new Set<unknown>([false, 0, 'false', 'f', '0']);

/** As MySQL and PostgreSQL's copy write what is null: people would be greeted by it. */
const nullAsText = new Set(['NULL', '\\N']);

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
  if (isNullAsText(row['full_name'])) refuse('full_name', 'NULL_AS_TEXT');
  else if (!name.ok) refuse('full_name', name.fault);
  const language = (field: string): string => {
    if (isNullAsText(row[field])) {
      refuse(field, 'NULL_AS_TEXT');
      return '';
    }
    if (!isTextOrNone(row[field])) refuse(field, 'LANGUAGE_NOT_TEXT');
    const tag = canonicalLanguageTag(textOf(row[field]) || 'en');
    if (!tag.ok) refuse(field, tag.fault);
    return tag.ok ? tag.tag : '';
  };
  const flag = (field: string, value: unknown): boolean => {
    const lower = typeof value === 'string' ? value.toLowerCase() : value;
    if (!yes.has(lower) && !no.has(lower)) refuse(field, 'NOT_BOOLEAN');
    return yes.has(lower);
  };
  if (!isTextOrNone(row['full_name'])) refuse('full_name', 'FULL_NAME_NOT_TEXT');
  return {
    email: email.ok ? email.address : '',
    hashed_password: hash,
    full_name: name.ok ? name.text : null,
    speaking_language: language('speaking_language'),
    listening_language: language('listening_language'),
    // Without the column everybody is. With it no empty value: who was banned stays so.
    is_active: row['is_active'] === undefined || flag('is_active', row['is_active']),
    is_verified: flag('is_verified', row['is_verified'] || false),
  };
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function isNullAsText(value: unknown): boolean {
  return nullAsText.has(textOf(value).trim());
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface NumberedRow {
  line: number;
  /** Where it goes over several. */
  lastLine?: number;
  row: Row | 'LINE_NOT_READABLE' | FileFaultCode;
  field?: string;
}

function* jsonRows(text: string): Generator<NumberedRow> {
  for (const [index, json] of text.split('\n').entries()) {
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

function* namedRows(text: string): Generator<NumberedRow> {
  let names: string[] | undefined;
  for (const { line, lastLine, cells } of csvRows(text)) {
    if (!cells) {
      yield { line: lastLine, row: 'QUOTE_NOT_CLOSED' };
    } else if (!names) {
      names = cells.map(columnNameOf);
      const twice = names.find((name, index) => isColumn(name) && names?.indexOf(name) !== index);
      const missing = missingColumn(names);
      if (missing !== undefined) yield { line, row: 'COLUMNS_MISSING', field: missing };
      else if (twice !== undefined) yield { line, row: 'COLUMN_TWICE', field: twice };
    } else if (cells.length > names.length) {
      yield { line, row: lastLine > line ? 'QUOTE_NOT_CLOSED' : 'LINE_NOT_READABLE' };
    } else if (cells.length > 1 || cells[0] !== '') {
      const row = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
      const swallowed = importedColumns.some((name) => mayHoldLine(textOf(row[name])));
      yield { line, lastLine, row: swallowed ? 'QUOTE_NOT_CLOSED' : row };
    }
  }
}

/**
 * Whether a quote that was not closed may have found another to close it: what lies between holds another line, with its
 * commas. A break alone is a fault of this line, in a name say.
 */
function mayHoldLine(text: string): boolean {
  const end = text.search(/[\r\n]/);
  return end !== -1 && text.includes(',', end);
}

/** The one that no user can be without and that is not there; '' where it is both. */
function missingColumn(names: readonly string[]): string | undefined {
  const missing = ['email', 'hashed_password'].filter((name) => !names.includes(name));
  return missing.length > 1 ? '' : missing[0];
}

function isColumn(name: string): boolean {
  return (importedColumns as readonly string[]).includes(name);
}

/** In any letter case, where it is one of ours. */
function columnNameOf(cell: string): string {
  const name = cell.trim().toLowerCase();
  return isColumn(name) ? name : cell.trim();
}
