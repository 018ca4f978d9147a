import { isIP } from 'node:net';
import { parseDuration } from '../../options/duration.js';
import { parseMailFrom } from '../../publishers/smtp/mail-from.js';
import { parseSmtpUrl } from '../../publishers/smtp/smtp-url.js';
import { list as listed } from '../flag-values.js';

/** What the texts of variables may be, and what is said of those that may not: `variables.ts` is the table of them. */
export type Parse = (text: string) => ParsedText;

type ParsedText = { value: unknown } | { fault: string };

export function wholeNumber(text: string): ParsedText {
  return /^\d{1,9}$/.test(text) ? { value: Number(text) } : { fault: 'must be a whole number' };
}

export function port(text: string): ParsedText {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
    ? { value: Number(text) }
    : { fault: 'must be a port from 0 (any free one) to 65535' };
}

export function flag(text: string): ParsedText {
  if (/^(true|1|yes|on)$/i.test(text)) return { value: true };
  return /^(false|0|no|off)$/i.test(text) ? { value: false } : { fault: 'must be true or false' };
}

export function list(text: string): ParsedText {
  return { value: listed(text) };
}

/** Express's own words. A host name is refused: Express would throw on it at start, with less said. */
export function trustProxy(text: string): ParsedText {
  if (/^\d{1,3}$/.test(text)) return { value: Number(text) };
  if (text === 'true' || text === 'false') return { value: text === 'true' };
  const parts = text.split(',').map((part) => part.trim());
  const known = (part: string): boolean => {
    const [address = '', prefix] = part.split('/');
    const bits = isIP(address) === 4 ? 32 : 128;
    const prefixFits = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    return /^(loopback|linklocal|uniquelocal)$/.test(part) || (isIP(address) > 0 && prefixFits);
  };
  return parts.every(known)
    ? { value: parts.join(', ') }
    : { fault: 'must be a number of proxies, or addresses such as loopback or 10.0.0.0/8, comma-separated' };
}

export function challenge(text: string): ParsedText {
  const [, difficulty] = /^altcha(?::(\d{1,7}))?$/.exec(text) ?? [];
  if (difficulty !== undefined) return { value: { altcha: { difficulty: Number(difficulty) } } };
  return text === 'altcha'
    ? { value: text }
    : { fault: "must be altcha or altcha:<difficulty>; a function of the host's is for FLUENTMEET_CONFIG" };
}

export function stopDelay(text: string): ParsedText {
  const value = parseDuration(text) ?? Infinity;
  return value <= 600_000 ? { value } : { fault: 'must be a length of time such as 5s, 10m at most' };
}

export function redisUrl(text: string): ParsedText {
  return /^rediss?:\/\//.test(text) && URL.canParse(text)
    ? { value: text }
    : { fault: 'must be a redis:// or rediss:// URL' };
}

export function smtpUrl(text: string): ParsedText {
  const url = parseSmtpUrl(text);
  return url.ok ? { value: text } : { fault: url.message };
}

export function mailFrom(text: string): ParsedText {
  return parseMailFrom(text) ? { value: text } : { fault: 'must be an address, or Name <address>' };
}

export function logLevel(text: string): ParsedText {
  return /^(trace|debug|info|warn|error|fatal|silent)$/.test(text)
    ? { value: text }
    : { fault: 'must be trace, debug, info, warn, error or silent' };
}
