import type { AccountReference } from '../desk/account.js';

/** `12` is an id, anything else an address. */
export function accountReference(text: string): AccountReference {
  return /^\d{1,15}$/.test(text) ? { id: Number(text) } : { email: text };
}
