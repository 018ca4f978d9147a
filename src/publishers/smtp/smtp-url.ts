import { isIP } from 'node:net';

/** What an SMTP URL says, checked. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `implicit`: from the first byte; `required`: by STARTTLS or not at all; `offered`: where the server offers it; `off`. */
  readonly tls: 'implicit' | 'required' | 'offered' | 'off';
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
  /** Connections that are held open and send at once. */
  readonly connections: number;
}

export type SmtpUrl = { ok: true; server: SmtpServer } | { ok: false; message: string };

/**
 * Reads `smtp://user:password@host:587` or `smtps://host:465`. With `smtp:` the mail goes over TLS or not at all, unless
 * the host is this machine or `?tls=off` says that it may be read on the way. `?connections=10` in the place of 5.
 *
 * Never throws; the message never holds a part of the URL.
 */
export function parseSmtpUrl(text: string): SmtpUrl {
  if (!/^smtps?:\/\//i.test(text) || !URL.canParse(text))
    return refused('must be an smtp:// or smtps:// URL');
  const url = new URL(text);
  const implicit = url.protocol === 'smtps:';
  const host = decoded(url.hostname)?.replace(/^\[|\]$/g, '');
  if (!host) return refused('must name a host');
  if (!/^\/?$/.test(url.pathname) || url.hash) return refused('must end after the port, or with ?tls=off');
  const user = decoded(url.username);
  const pass = decoded(url.password);
  if (user === undefined || pass === undefined) {
    return refused('has a wrong percent-encoding: write a % in user or password as %25');
  }
  if (pass && !user) return refused('has a password and no user');
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'tls' && name !== 'connections');
  if (unknown !== undefined) return refused('may have ?tls=off and ?connections=5, and nothing else');
  const off = url.searchParams.get('tls');
  if (off !== null && off !== 'off') return refused('may have ?tls=off, and no other tls');
  if (off && implicit) return refused('is smtps://, which is TLS: use smtp:// with ?tls=off');
  const connections = url.searchParams.get('connections') ?? '5';
  if (!/^[1-9]\d?$/.test(connections)) return refused('may have ?connections= of 1 to 99');
  return {
    ok: true,
    server: {
      host,
      port: Number(url.port) || (implicit ? 465 : 587),
      tls: implicit ? 'implicit' : off ? 'off' : isThisMachine(host) ? 'offered' : 'required',
      auth: user ? { user, pass } : undefined,
      connections: Number(connections),
    },
  };
}

/** What it sends to itself nobody on the way can read, and its certificate proves nothing. */
export function isThisMachine(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || /(^|\.)localhost$/i.test(host);
}

function refused(message: string): SmtpUrl {
  return { ok: false, message };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
