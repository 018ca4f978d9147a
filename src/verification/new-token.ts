import { randomUUID } from 'node:crypto';
import { hashToken, tokenValue } from './token-value.js';

/** The columns of a token that is about to be issued; `expires_at` is the database's to set. */
export interface NewToken {
  id: string;
  hash: Buffer;
}

export function newToken(secret: string): NewToken {
  const id = randomUUID();
  return { id, hash: hashToken(tokenValue(secret, id)) };
}
