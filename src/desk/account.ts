import type { Database } from '../database/database.js';
import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import { canonicalEmailAddress } from '../users/email-address.js';

/** Which account is meant: by its address in any spelling, or by its id. */
export type AccountReference = { email: string } | { id: number };

/** An account as an operator sees it: deleted ones too, never the password's hash. */
export interface Account {
  id: number;
  email: string;
  fullName: string | null;
  speakingLanguage: string;
  listeningLanguage: string;
  isActive: boolean;
  isVerified: boolean;
  createdAt: Date;
  updatedAt: Date;
  /** Soft-deleted then; the address stays taken. */
  deletedAt: Date | null;
}

export interface AccountRow {
  id: string;
  email: string;
  full_name: string | null;
  speaking_language: string;
  listening_language: string;
  is_active: boolean;
  is_verified: boolean;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
}

/** The columns of an `AccountRow` of the table `u`. */
export const accountColumns =
  'u.id, u.email, u.full_name, u.speaking_language, u.listening_language, u.is_active, u.is_verified, ' +
  'u.created_at, u.updated_at, u.deleted_at';

/** Null where there is none, deleted ones included. @throws ValidationError, ServiceUnavailableError */
export async function findAccount(database: Database, reference: AccountReference): Promise<Account | null> {
  const { condition, value } = accountCondition(reference);
  const [row] = await database.query<AccountRow>(
    `select ${accountColumns} from ${database.table('users')} u where ${condition}`,
    [value],
  );
  return row ? toAccount(row) : null;
}

/** SQL that picks the account out of the table `u`, with `$1` as the value. @throws ValidationError */
export function accountCondition(reference: AccountReference): { condition: string; value: string | number } {
  if ('id' in reference) return { condition: 'u.id = $1', value: reference.id };
  const canonical = canonicalEmailAddress(reference.email);
  if (!canonical.ok) throw new ValidationError([fault('email', canonical.fault)]);
  return { condition: 'u.email = $1', value: canonical.address };
}

export function toAccount(row: AccountRow): Account {
  return {
    id: Number(row.id),
    email: row.email,
    fullName: row.full_name,
    speakingLanguage: row.speaking_language,
    listeningLanguage: row.listening_language,
    isActive: row.is_active,
    isVerified: row.is_verified,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
  };
}
