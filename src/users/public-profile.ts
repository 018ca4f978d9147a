import { pick } from '../pick.js';

/** What anyone may see of an account: the body of a 201, with exactly these keys. */
export interface PublicProfile {
  id: number;
  email: string;
  full_name: string | null;
  speaking_language: string;
  listening_language: string;
  is_active: boolean;
  is_verified: boolean;
  /** ISO 8601, UTC, milliseconds. */
  created_at: string;
}

/** An account as a statement of ours returns it, or as a model. */
export type UserRow = Omit<PublicProfile, 'id' | 'created_at'> & { id: string | number; created_at: Date };

const columns: Readonly<Record<keyof PublicProfile, true>> = {
  id: true,
  email: true,
  full_name: true,
  speaking_language: true,
  listening_language: true,
  is_active: true,
  is_verified: true,
  created_at: true,
};

/** What makes a `UserRow`. */
export const profileColumns = Object.keys(columns) as readonly (keyof PublicProfile)[];

/** These keys alone, so that a new column never becomes public by itself. */
export function publicProfile(user: UserRow): PublicProfile {
  const shown = pick(user, profileColumns);
  return { ...shown, id: Number(user.id), created_at: user.created_at.toISOString() };
}
