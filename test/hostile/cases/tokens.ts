/** What the account and the token are before the request. */
export type TokenState =
  'live' | 'expired by a second' | 'seconds to live' | 'verified' | 'deleted' | 'inactive';

export interface TokenCase {
  name: string;
  state?: TokenState;
  method?: 'GET' | 'HEAD' | 'POST';
  /** After `?`. */
  query?: (token: string) => string;
  body?: (token: string) => string;
  type?: 'application/json' | 'application/x-www-form-urlencoded';
  accept?: string;
  status: number;
  /** Of the error; none where it is a page. */
  code?: string;
  /** Whether the account is verified afterwards. Default: no. */
  verifies?: boolean;
}

const inQuery = (token: string): string => `token=${token}`;
const inJson = (token: string): string => JSON.stringify({ token });
const other = 'aaaaaaaa-aaaa-8aaa-8aaa-aaaaaaaaaaaa';
const missing = { status: 400, code: 'MISSING_TOKEN' } as const;
const found = { status: 200, verifies: true } as const;
const wrong = { status: 400, code: 'INVALID_TOKEN' } as const;

/** The other bit of the last hexadecimal digit. */
const oneBitOff = (token: string): string =>
  token.slice(0, -1) + (Number.parseInt(token.slice(-1), 16) ^ 1).toString(16);

export const tokens: readonly TokenCase[] = [
  { name: 'POST JSON', body: inJson, status: 200, verifies: true },
  { name: 'POST, token in the query, no body', query: inQuery, status: 200, verifies: true },
  { name: 'POST, in capitals', body: (token) => inJson(token.toUpperCase()), status: 200, verifies: true },
  {
    name: 'POST form for JSON',
    body: inQuery,
    type: 'application/x-www-form-urlencoded',
    accept: 'application/json',
    status: 200,
    verifies: true,
  },
  {
    name: 'POST form',
    body: inQuery,
    type: 'application/x-www-form-urlencoded',
    accept: 'text/html',
    status: 200,
    verifies: true,
  },
  { name: 'GET shows a page', method: 'GET', query: inQuery, status: 200 },
  { name: 'GET, Accept */*', method: 'GET', query: inQuery, accept: '*/*', status: 200 },
  {
    name: 'GET, a browser',
    method: 'GET',
    query: inQuery,
    accept: 'text/html,application/json;q=0.9,*/*;q=0.8',
    status: 200,
  },
  {
    name: 'GET, JSON and HTML alike',
    method: 'GET',
    query: inQuery,
    accept: 'text/html,application/json',
    status: 200,
  },
  { name: 'GET, JSON at q=0', method: 'GET', query: inQuery, accept: 'application/json;q=0', status: 200 },
  {
    name: 'GET, JSON at q=nonsense',
    method: 'GET',
    query: inQuery,
    accept: 'application/json;q=9e9',
    status: 200,
  },
  { name: 'GET, application/*', method: 'GET', query: inQuery, accept: 'application/*', status: 200 },
  {
    name: 'GET for JSON',
    method: 'GET',
    query: inQuery,
    accept: 'application/json',
    status: 200,
    verifies: true,
  },
  { name: 'HEAD', method: 'HEAD', query: inQuery, accept: 'application/json', status: 200 },
  { name: 'HEAD, expired', state: 'expired by a second', method: 'HEAD', query: inQuery, status: 400 },

  { name: 'no token', body: () => '{}', ...missing },
  { name: 'no body, no query', ...missing },
  { name: 'empty', body: () => inJson(''), ...missing },
  { name: 'null', body: () => '{"token":null}', ...missing },
  { name: 'empty in the query', query: () => 'token=', ...missing },
  { name: 'another name', query: (token) => `Token=${token}`, ...missing },
  { name: 'GET without, for JSON', method: 'GET', accept: 'application/json', ...missing },
  { name: 'GET without, a page', method: 'GET', status: 400 },

  { name: 'unknown', body: () => inJson(other), ...wrong },
  { name: 'one bit off', body: (token) => inJson(oneBitOff(token)), ...wrong },
  { name: 'one character short', body: (token) => inJson(token.slice(0, -1)), ...wrong },
  { name: 'one character more', body: (token) => inJson(`${token}0`), ...wrong },
  { name: 'white space before', body: (token) => inJson(` ${token}`), ...found },
  { name: 'new line after', body: (token) => inJson(`${token}\n`), ...found },
  { name: 'NUL after', body: (token) => inJson(`${token}\u0000`), ...found },
  { name: 'braces', body: (token) => inJson(`{${token}}`), ...found },
  { name: 'URN', body: (token) => inJson(`urn:uuid:${token}`), ...found },
  { name: 'without hyphens', body: (token) => inJson(token.replaceAll('-', '')), ...wrong },
  {
    name: 'full-width digits',
    body: (token) => inJson(token.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))),
    ...wrong,
  },
  { name: 'version 4', body: () => inJson('6fa459ea-ee8a-4ca4-894e-db77e160355e'), ...wrong },
  { name: 'nil', body: () => inJson('00000000-0000-0000-0000-000000000000'), ...wrong },
  { name: 'a number', body: () => '{"token":1}', ...wrong },
  { name: 'an array of it', body: (token) => `{"token":["${token}"]}`, ...wrong },
  { name: 'an object', body: (token) => `{"token":{"toString":"${token}"}}`, ...wrong },
  { name: 'true', body: () => '{"token":true}', ...wrong },
  { name: 'a lone surrogate', body: () => '{"token":"\\ud800"}', ...wrong },
  { name: '9,000 characters', body: () => inJson('a'.repeat(9000)), ...wrong },
  { name: 'repeated in the query', query: (token) => `token=${token}&token=${token}`, ...wrong },
  { name: 'repeated, one wrong', query: (token) => `token=${other}&token=${token}`, ...wrong },
  {
    name: 'repeated in a form',
    body: (token) => `token=${token}&token=${token}`,
    type: 'application/x-www-form-urlencoded',
    accept: 'application/json',
    ...wrong,
  },
  { name: 'brackets in the query', query: (token) => `token[]=${token}`, ...missing },
  { name: 'percent garbage', query: () => 'token=%zz%', ...wrong },
  { name: 'percent NUL', query: (token) => `token=${token}%00`, ...found },
  { name: 'broken UTF-8', query: () => 'token=%ff%fe', ...wrong },
  {
    name: 'percent-encoded, as it may be',
    query: (token) => `token=${token.replaceAll('-', '%2D')}`,
    status: 200,
    verifies: true,
  },
  { name: 'HTML spelling of the link', query: (token) => `lang=en&amp;token=${token}`, ...found },
  { name: 'encoded =', query: (token) => `token%3D${token}`, ...found },
  { name: 'quoted-printable =', query: (token) => `token=3D${token}`, ...found },
  { name: 'full stop, a page', method: 'GET', query: (token) => `token=${token}.`, status: 200 },
  {
    name: 'damaged in a form',
    body: (token) => `token=%3C${token}%3E.`,
    type: 'application/x-www-form-urlencoded',
    accept: 'application/json',
    ...found,
  },
  { name: 'two different ones', body: (token) => inJson(`${token} ${other}`), ...wrong },
  { name: 'SQL', query: () => "token='%20or%201=1--", ...wrong },
  {
    name: 'markup, a page',
    method: 'GET',
    query: () => 'token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E',
    status: 400,
  },
  { name: 'the body counts, not the query', query: inQuery, body: () => inJson(other), ...wrong },
  { name: '__proto__', body: (token) => `{"__proto__":{"token":"${token}"}}`, ...missing },

  {
    name: 'expired by a second',
    state: 'expired by a second',
    body: inJson,
    status: 400,
    code: 'TOKEN_EXPIRED',
  },
  {
    name: 'expired by a second, a page',
    state: 'expired by a second',
    method: 'GET',
    query: inQuery,
    status: 400,
  },
  { name: 'seconds to live', state: 'seconds to live', body: inJson, status: 200, verifies: true },
  { name: 'of a verified account', state: 'verified', body: inJson, status: 200, verifies: true },
  { name: 'of a deleted account', state: 'deleted', body: inJson, ...wrong },
  { name: 'of an inactive account', state: 'inactive', body: inJson, ...wrong },
  { name: 'of an inactive account, a page', state: 'inactive', method: 'GET', query: inQuery, status: 400 },

  {
    name: 'unknown action',
    body: (token) => `{"token":"${token}","action":"delete"}`,
    status: 400,
    code: 'VALIDATION_ERROR',
  },
  {
    name: 'action of another type',
    body: (token) => `{"token":"${token}","action":["verify"]}`,
    status: 400,
    code: 'VALIDATION_ERROR',
  },
  {
    name: 'remove, of a verified account',
    state: 'verified',
    body: (token) => `{"token":"${token}","action":"remove"}`,
    ...wrong,
    verifies: true,
  },
  {
    name: 'remove, with an expired link',
    state: 'expired by a second',
    body: (token) => `{"token":"${token}","action":"remove"}`,
    ...wrong,
  },
  { name: 'an array for a body', body: (token) => `["${token}"]`, status: 400, code: 'VALIDATION_ERROR' },
  { name: 'not JSON', body: () => '{"token":', status: 400, code: 'INVALID_JSON' },
];
