import { isOneLine } from '../../is-one-line.js';

/** Who a mail is from. */
export interface MailFrom {
  /** Empty where there is an address alone. */
  readonly name: string;
  readonly address: string;
}

/**
 * Reads `no-reply@example.com` or `Example <no-reply@example.com>`: one ASCII address, and a name in any script. Null
 * where it is neither.
 */
export function parseMailFrom(text: string): MailFrom | null {
  // Or it would end the header and begin another.
  if (!isOneLine(text, 500)) return null;
  const named = /^\s*(?:"([^"\\]*)"|([^"<>@,;]*?))\s*<([^<>]+)>\s*$/.exec(text);
  const address = (named ? named[3] : text)?.trim() ?? '';
  if (address.length > 254 || !mailbox.test(address)) return null;
  return { name: (named?.[1] ?? named?.[2] ?? '').trim(), address };
}

/** A dot-atom (RFC 5322 section 3.2.3) at a host name. A sender may be at a single label: `root@mailer`. */
const mailbox = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;
