import type { EmailDetails } from '../../desk/email-details.js';
import type { InviteDetails } from '../../invites/invite-details.js';
import type { AccountReference } from '../../desk/account.js';
import type { User } from '../../users/user.js';
import { UsageError } from '../cli-error.js';
import type { Cli, Mask } from '../cli.js';
import { type Cell, type Column, type Style, styled } from '../terminal/output.js';

/** `12` is an id, anything else an address. */
export function accountReference(text: string): AccountReference {
  return /^\d{1,15}$/.test(text) ? { id: Number(text) } : { email: text };
}

/** Filters that no row can pass, because one is after the other. @throws UsageError */
export function refuseEmptyTime({
  since,
  until,
}: {
  since?: Date | undefined;
  until?: Date | undefined;
}): void {
  if (since && until && since >= until) throw new UsageError('--until is not after --since');
}

/** What `--json` prints, in the shapes that the help shows. Addresses are masked unless `--reveal`. */

/** Every column but the password's hash. */
export function userJson(user: User, mask: Mask) {
  return { ...user.toJSON(), email: mask.address(user.email) };
}

export function emailJson(email: EmailDetails, mask: Mask) {
  return { ...email, to: mask.address(email.to) };
}

export function inviteJson(invite: InviteDetails, mask: Mask) {
  return { ...invite, email: invite.email === null ? null : mask.address(invite.email) };
}

const colors: Readonly<Record<string, Style>> = {
  published: 'green',
  usable: 'green',
  pending: 'yellow',
  dead: 'red',
  revoked: 'red',
  obsolete: 'dim',
  spent: 'dim',
  expired: 'dim',
};

export function stateCell(state: string): Cell {
  return styled(colors[state] ?? 'bold', state);
}

/** What every `list` prints: with `--json` its rows, else a table, and the command for the next page. */
export interface ListPage<Row> {
  name: 'emails' | 'invites' | 'users';
  rows: readonly Row[];
  json: (row: Row) => object;
  columns: readonly Column<Row>[];
  /** Where there are no rows. */
  none: string;
  next: number | null;
  flags: { limit: number };
}

export function showPage<Row>(
  { output }: Cli,
  { name, rows, json, columns, none, next, flags }: ListPage<Row>,
): void {
  output.result({ [name]: rows.map((row) => json(row)), next }, () => {
    if (rows.length === 0) output.note(none);
    else output.table(rows, columns);
  });
  // On stderr, so with --json as well: a script that counts would count too few.
  if (next !== null) output.note(nextPageHint(name, flags, next));
}

/** What a person sees below a page that is not the last: the command with its filters, for the next one. */
function nextPageHint(name: string, { limit, ...flags }: { limit: number }, next: number): string {
  const words = Object.entries({ ...flags, limit }).flatMap(([flag, value]: [string, unknown]) => {
    if (notFilters.has(flag) || value === false) return [];
    if (value === true) return [`--${flag}`];
    const text = value instanceof Date ? value.toISOString() : String(value);
    return [`--${flag}`, /^[\w@.:+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`];
  });
  return `There are more: fluentmeet ${[name, 'list', ...words, '--before', next].join(' ')}`;
}

const notFilters: ReadonlySet<string> = new Set([
  'before',
  'json',
  'reveal',
  'debug',
  'config',
  'as',
  'input',
]);
