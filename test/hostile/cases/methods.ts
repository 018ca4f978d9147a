/** Method, route, expected status (0: closed unanswered, by Node), `Allow`. */
export type MethodCase = readonly [method: string, route: string, status: number, allow?: string];

const signup = 'POST, OPTIONS';
const verify = 'GET, HEAD, POST, OPTIONS';

export const methods: readonly MethodCase[] = [
  ['GET', '/signup', 405, signup],
  ['HEAD', '/signup', 405, signup],
  ['PUT', '/signup', 405, signup],
  ['PATCH', '/signup', 405, signup],
  ['DELETE', '/signup', 405, signup],
  ['TRACE', '/signup', 405, signup],
  ['PROPFIND', '/signup', 405, signup],
  ['QUERY', '/signup', 405, signup],
  ['OPTIONS', '/signup', 204, signup],
  ['CONNECT', '/signup', 0],
  ['post', '/signup', 400],
  ['FOO', '/signup', 400],
  ['PUT', '/verify-email', 405, verify],
  ['DELETE', '/verify-email', 405, verify],
  ['TRACE', '/verify-email', 405, verify],
  ['OPTIONS', '/verify-email', 204, verify],
  ['GET', '/resend-verification', 405, signup],
  ['HEAD', '/resend-verification', 405, signup],
  ['PUT', '/resend-verification', 405, signup],
  ['OPTIONS', '/resend-verification', 204, signup],
  ['GET', '/nowhere', 404],
  ['POST', '/', 404],
];
