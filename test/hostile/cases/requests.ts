/** A request as its bytes, for what no well-behaved client sends. */
export interface RequestCase {
  name: string;
  /** The start line and the headers; the default is a good signup's. */
  line?: string;
  headers: readonly string[];
  /** Default: a good signup. */
  body?: string | ((address: string) => string);
  /** The whole of it, in the place of the above. */
  bytes?: string | Buffer;
  /** More than one where Node's own parser decides, and may decide otherwise in its next version. 0: closed unanswered. */
  status: number | readonly number[];
  code?: string;
}

const path = '/api/v1/auth/signup';
export const signupLine = `POST ${path} HTTP/1.1`;
const host = 'Host: app.example.com';
const json = 'Content-Type: application/json';
const form = 'Content-Type: application/x-www-form-urlencoded';
const fieldsOf = (count: number): string =>
  Array.from({ length: count }, (_, index) => index.toString(36)).join('&');
/** Replaced by the length of the body. */
const length = 'Content-Length: #';
const usual = [host, json, length];

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const good = (address: string): string => JSON.stringify({ email: address, password: 'MyStr0ngP@ss!' });
const chunked = (address: string): string => `${chunk(good(address))}0\r\n\r\n`;
const target = (text: string): string => `POST ${text} HTTP/1.1`;

export const requests: readonly RequestCase[] = [
  { name: 'the usual', headers: usual, status: 201 },

  { name: 'forged Host', headers: ['Host: evil.example', json, length], status: 201 },
  { name: 'Host with credentials', headers: ['Host: a:b@evil.example', json, length], status: 201 },
  { name: 'two Hosts', headers: [host, 'Host: evil.example', json, length], status: [201, 400] },
  { name: 'no Host', headers: [json, length], status: 400 },
  { name: 'no Host, HTTP/1.0', line: `POST ${path} HTTP/1.0`, headers: [json, length], status: 201 },
  {
    name: 'forged X-Forwarded-Host, -Proto, -Port, -Prefix',
    headers: [
      ...usual,
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-Proto: gopher',
      'X-Forwarded-Port: 1',
      'X-Forwarded-Prefix: //evil.example',
    ],
    status: 201,
  },
  {
    name: 'several X-Forwarded-Hosts',
    headers: [...usual, 'X-Forwarded-Host: evil.example', 'X-Forwarded-Host: worse.example'],
    status: 201,
  },
  {
    name: 'Forwarded',
    headers: [...usual, 'Forwarded: for="[2001:db8::1]:4711";host=evil.example'],
    status: 201,
  },
  {
    name: 'method override',
    headers: [...usual, 'X-HTTP-Method-Override: DELETE', 'X-HTTP-Method: DELETE'],
    status: 201,
  },
  {
    name: 'URL override',
    headers: [...usual, 'X-Original-URL: /api/v1/auth/verify-email', 'X-Rewrite-URL: /healthz'],
    status: 201,
  },
  { name: 'forged X-Forwarded-For', headers: [...usual, 'X-Forwarded-For: 127.0.0.1'], status: 201 },
  {
    name: 'several X-Forwarded-For',
    headers: [...usual, 'X-Forwarded-For: 192.0.2.1', 'X-Forwarded-For: 192.0.2.2'],
    status: 201,
  },
  {
    name: 'X-Forwarded-For that is none',
    headers: [...usual, "X-Forwarded-For: ' or 1=1 --, ,,[::"],
    status: 201,
  },
  { name: 'empty X-Forwarded-For', headers: [...usual, 'X-Forwarded-For: '], status: 201 },

  { name: 'absolute form', line: target(`http://app.example.com${path}`), headers: usual, status: 201 },
  {
    name: 'absolute form of another host',
    line: target(`http://evil.example${path}`),
    headers: usual,
    status: 201,
  },
  {
    name: 'absolute form, https, with a query',
    line: target(`https://x${path}?a=b`),
    headers: usual,
    status: 201,
  },
  {
    name: 'absolute form, capitals',
    line: target(`HTTP://EVIL.example${path}`),
    headers: usual,
    status: 201,
  },
  { name: 'absolute form without a path', line: target('http://evil.example'), headers: usual, status: 404 },
  { name: 'authority form', line: target('evil.example:80'), headers: usual, status: [400, 404] },
  { name: 'asterisk form', line: 'OPTIONS * HTTP/1.1', headers: [host], body: '', status: [400, 404] },
  { name: 'two slashes at the start', line: target(`/${path}`), headers: usual, status: 404 },
  { name: 'one slash at the end', line: target(`${path}/`), headers: usual, status: 201 },
  { name: 'two slashes at the end', line: target(`${path}//`), headers: usual, status: 404 },
  { name: 'path in capitals', line: target(path.toUpperCase()), headers: usual, status: 201 },
  { name: 'dot segments', line: target('/api/v1/auth/../auth/signup'), headers: usual, status: 404 },
  { name: 'percent-encoded letter', line: target('/api/v1/auth/%73ignup'), headers: usual, status: 404 },
  { name: 'percent-encoded slash', line: target(`${path}%2f`), headers: usual, status: 404 },
  { name: 'percent-encoded NUL', line: target(`${path}%00`), headers: usual, status: 404 },
  {
    name: 'bad percent escape in the path',
    line: target('/api/v1/auth/%zz'),
    headers: usual,
    status: [400, 404],
  },
  {
    name: 'overlong dot in the path',
    line: target('/api/v1/auth/%c0%ae/signup'),
    headers: usual,
    status: [400, 404],
  },
  { name: 'bad percent escape in the query', line: target(`${path}?a=%zz&%`), headers: usual, status: 201 },
  {
    name: 'query that sets fields',
    line: target(`${path}?is_verified=true&email=x`),
    headers: usual,
    status: 201,
  },
  { name: 'matrix parameter', line: target(`${path};v=1`), headers: usual, status: 404 },
  { name: 'raw UTF-8 in the path', line: target('/api/v1/auth/signüp'), headers: usual, status: [400, 404] },
  { name: 'target of 17 kB', line: target(`${path}?${'a'.repeat(17_000)}`), headers: usual, status: 431 },

  { name: 'Content-Length twice, the same', headers: [...usual, length], status: 400 },
  { name: 'Content-Length twice, different', headers: [...usual, 'Content-Length: 5'], status: 400 },
  { name: 'Content-Length with a sign', headers: [host, json, 'Content-Length: +60'], status: 400 },
  { name: 'Content-Length negative', headers: [host, json, 'Content-Length: -1'], status: 400 },
  { name: 'Content-Length in hexadecimal', headers: [host, json, 'Content-Length: 0x3c'], status: 400 },
  { name: 'Content-Length as a list', headers: [host, json, 'Content-Length: 60, 60'], status: 400 },
  {
    name: 'Content-Length beyond 64 bits',
    headers: [host, json, 'Content-Length: 99999999999999999999'],
    status: 400,
  },
  {
    name: 'Content-Length 0',
    headers: [host, json, 'Content-Length: 0'],
    body: '',
    status: 400,
    code: 'INVALID_JSON',
  },
  { name: 'neither length nor chunks', headers: [host, json], body: '', status: 400, code: 'INVALID_JSON' },
  {
    name: 'a gigabyte declared, nothing sent',
    headers: [host, json, 'Content-Length: 1000000000'],
    body: '',
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  },
  {
    name: 'a gigabyte declared and awaited (Expect)',
    headers: [host, json, 'Content-Length: 1000000000', 'Expect: 100-continue'],
    body: '',
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  },
  { name: 'Expect: 100-continue', headers: [...usual, 'Expect: 100-continue'], status: 201 },
  { name: 'Expect of something else', headers: [...usual, 'Expect: 42-miracles'], status: 417 },
  {
    name: 'chunked, no length',
    headers: [host, json, 'Transfer-Encoding: chunked'],
    body: chunked,
    status: 201,
  },
  {
    name: 'chunked, byte by byte',
    headers: [host, json, 'Transfer-Encoding: chunked'],
    body: (address) => `${Array.from(good(address), chunk).join('')}0\r\n\r\n`,
    status: 201,
  },
  {
    name: 'chunked, 40 kB',
    headers: [host, json, 'Transfer-Encoding: chunked'],
    body: `${chunk('x'.repeat(40_000))}0\r\n\r\n`,
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  },
  {
    name: 'chunked, empty',
    headers: [host, json, 'Transfer-Encoding: chunked'],
    body: '0\r\n\r\n',
    status: 400,
    code: 'INVALID_JSON',
  },
  {
    name: 'chunk with an extension of 1 kB',
    headers: [host, json, 'Transfer-Encoding: chunked'],
    body: (address) => chunked(address).replace('\r\n', `;${'x'.repeat(1000)}\r\n`),
    status: 201,
  },
  {
    name: 'trailers',
    headers: [host, json, 'Transfer-Encoding: chunked', 'Trailer: Content-Type'],
    body: (address) => `${chunk(good(address))}0\r\nContent-Type: text/plain\r\n\r\n`,
    status: 201,
  },
  {
    name: 'chunk size that is no number',
    headers: [host, json, 'Transfer-Encoding: chunked'],
    body: 'zz\r\n{}\r\n0\r\n\r\n',
    status: [0, 400],
  },
  {
    name: 'Content-Length and chunked (request smuggling)',
    headers: [...usual, 'Transfer-Encoding: chunked'],
    body: chunked,
    status: 400,
  },
  {
    name: 'chunked twice',
    headers: [host, json, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
    body: chunked,
    status: [201, 400],
  },
  { name: 'xchunked', headers: [host, json, 'Transfer-Encoding: xchunked'], body: chunked, status: 400 },
  {
    name: 'chunked, identity',
    headers: [host, json, 'Transfer-Encoding: chunked, identity'],
    body: chunked,
    status: 400,
  },
  {
    name: 'Transfer-Encoding, space before the colon',
    headers: [host, json, 'Transfer-Encoding : chunked'],
    body: chunked,
    status: 400,
  },

  { name: 'obs-fold', headers: [...usual, 'X-Folded: a\r\n b'], status: [201, 400] },
  {
    name: 'obs-fold that hides a charset',
    headers: [host, 'Content-Type: application/json;\r\n charset=utf-16', length],
    status: [400, 415],
  },
  { name: 'line ends without CR', headers: [`${host}\nX-Smuggled: 1`, json, length], status: [201, 400] },
  { name: 'CR alone in a value', headers: [...usual, 'X-A: a\rX-B: b'], status: 400 },
  { name: 'NUL in a value', headers: [...usual, 'X-A: a\0b'], status: 400 },
  { name: 'space in a name', headers: [...usual, 'X A: b'], status: 400 },
  { name: 'colon alone', headers: [...usual, ': b'], status: 400 },
  { name: 'a header of 17 kB', headers: [...usual, `X-A: ${'a'.repeat(17_000)}`], status: 431 },
  {
    name: '1,500 headers',
    headers: [...usual, ...Array.from({ length: 1500 }, (_, n) => `X-${n}: 1`)],
    status: [201, 431],
  },
  {
    name: 'a cookie and a password',
    headers: [...usual, 'Cookie: a=b', 'Authorization: Basic YTpi'],
    status: 201,
  },
  {
    name: 'Content-Type twice, JSON first',
    headers: [...usual, 'Content-Type: text/plain'],
    status: [201, 400, 415],
  },
  {
    name: 'Content-Type twice, JSON second',
    headers: [host, 'Content-Type: text/plain', json, length],
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    name: 'a form of nine thousand names',
    line: target('/api/v1/auth/verify-email'),
    headers: [host, form, 'Accept: application/json', length],
    body: fieldsOf(9_000),
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  },
  {
    name: 'a form of one name nine thousand times',
    line: target('/api/v1/auth/verify-email'),
    headers: [host, form, 'Accept: application/json', length],
    body: 'a&'.repeat(9_000),
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  },
  {
    name: 'Upgrade to WebSocket',
    headers: [...usual, 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: x'],
    status: 201,
  },
  { name: 'HTTP/2 preface', headers: [], bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: [0, 400] },
  { name: 'HTTP/0.9', headers: [], bytes: `GET ${path}\r\n\r\n`, status: [400, 405] },
  { name: 'HTTP/9.9', line: `POST ${path} HTTP/9.9`, headers: usual, status: 400 },
  {
    name: 'a TLS greeting',
    headers: [],
    bytes: Buffer.from('16030100a5010000a10303', 'hex'),
    status: [0, 400],
  },
  {
    name: 'bytes',
    headers: [],
    bytes: Buffer.from(Array.from({ length: 256 }, (_, n) => 255 - n)),
    status: [0, 400],
  },
];
