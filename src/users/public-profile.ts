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

/** Names every key, so that a new column never becomes public by itself. */
export function publicProfile(user: UserRow): PublicProfile {
  return {
    id: Number(user.id),
    email: user.email,
    full_name: user.full_name,
    speaking_language: user.speaking_language,
    listening_language: user.listening_language,
    is_active: user.is_active,
    is_verified: user.is_verified,
    created_at: user.created_at.toISOString(),
  };
}
