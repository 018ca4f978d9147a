import type { ClientConfig } from 'pg';
import { parse, toClientConfig } from 'pg-connection-string';
import { editDistance } from '../edit-distance.js';

/**
 * What a connection string says, in node-postgres's terms: a URL, with libpq's parameters behind its `?` (`host` for a
 * socket's folder, `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `application_name`, …).
 *
 * @throws Error that says what is wrong with it and repeats nothing of it
 */
export function clientSettings(connectionString: string): ClientConfig {
  if (!/^postgres(ql)?:\/\//.test(connectionString))
    throw new Error('must be a postgres:// connection string');
  requirePercentEncoding(connectionString);
  requireKnownMode(connectionString);
  const settings: ClientConfig = { ...parseUrl(inOurTerms(connectionString)) };
  // Ours to say (databaseQueryTimeout): a pooler refuses them, and a client's own limit leaves the statement running.
  for (const limit of limits) delete settings[limit];
  if (settings.ssl === undefined) requireNoneOfTls(connectionString);
  return settings;
}

const limits = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'query_timeout',
] as const;

const howToEncode =
  'percent-encode what is special in user name and password: %25 for %, %40 for @, %2F for /, %23 for #, %3A for :, %3F for ?';

function requirePercentEncoding(connectionString: string): void {
  try {
    decodeURIComponent(connectionString);
  } catch {
    throw new Error(`has a % that is no percent-encoding: ${howToEncode}`);
  }
}

/** `prefer` and `allow` end without TLS where somebody in between wants it so. */
function requireKnownMode(connectionString: string): void {
  const mode = parameter(connectionString, 'sslmode');
  if (mode === undefined || /^(disable|require|verify-ca|verify-full|no-verify)$/.test(mode)) return;
  throw new Error('must have an sslmode of disable, require, verify-ca, verify-full or no-verify');
}

/** A slip in one of these (`sslmod`), and what node-postgres does not know (`tls`), would end without TLS and without a word. */
function requireNoneOfTls(connectionString: string): void {
  for (const [name, value] of parameters(connectionString)) {
    if (name === 'ssl' && value === 'false') continue;
    if (!/ssl|tls/i.test(name) && editDistance(name.toLowerCase(), 'sslmode', 2) > 2) continue;
    throw new Error(
      'has a parameter that sounds of TLS, and none that asks for it: sslmode=verify-full does, and sslmode=disable goes without',
    );
  }
}

/**
 * node-postgres takes `require` and `verify-ca` for `verify-full`, which is the safe reading, and warns of it on stderr;
 * libpq's own, weaker one is to be had by `uselibpqcompat=true`. `sslrootcert=system` is what Node does anyway.
 */
function inOurTerms(connectionString: string): string {
  if (parameter(connectionString, 'uselibpqcompat') === 'true') return connectionString;
  return connectionString
    .replace(/([?&])sslrootcert=system(?=&|$)/, '$1sslmode=verify-full')
    .replace(/([?&]sslmode=)(?:require|verify-ca)(?=&|$)/, '$1verify-full');
}

function parameter(connectionString: string, name: string): string | undefined {
  return parameters(connectionString).get(name) ?? undefined;
}

function parameters(connectionString: string): URLSearchParams {
  return new URLSearchParams(connectionString.split('?').slice(1).join('?'));
}

function parseUrl(connectionString: string): ClientConfig {
  let fault: string;
  try {
    return toClientConfig(parse(connectionString));
  } catch (error) {
    fault = faultOf(error as NodeJS.ErrnoException);
  }
  // Not with the parser's error as its cause, which may carry the string.
  throw new Error(fault);
}

function faultOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ERR_INVALID_URL')
    return `must be a postgres:// connection string with one host: ${howToEncode}`;
  if (message.startsWith('Invalid port')) return 'must have a port that is a number';
  // Of a file that `sslrootcert` and its like name.
  return code ? `names a certificate or key that cannot be read (${code})` : message;
}
