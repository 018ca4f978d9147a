import zlib from 'node:zlib';

export interface BodyCase {
  name: string;
  /** As it goes over the wire. `@@` stands for an address of the case's own. */
  body: string | Buffer;
  /** Default: `content-type: application/json`. */
  headers?: Record<string, string>;
  status: number;
  code?: string;
  /** Of a signup that is accepted, where it is not the usual one. */
  password?: string;
  /** The fields that the details name, in their order. */
  fields?: readonly string[];
}

const json = { 'content-type': 'application/json' };
const good = '{"email":"@@","password":"MyStr0ngP@ss!"}';
const invalid = { status: 400, code: 'VALIDATION_ERROR' } as const;
const unreadable = { status: 400, code: 'INVALID_JSON' } as const;
const unsupported = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' } as const;
const tooLarge = { status: 413, code: 'PAYLOAD_TOO_LARGE' } as const;

const padded = (bytes: number): string => `${good.slice(0, -1)},"x":"${'x'.repeat(bytes)}"}`;
/** The body, with the 40 characters of the case's address, has exactly this many bytes. */
const ofSize = (bytes: number): string => padded(bytes - (padded(0).length - 2 + 40));

export const bodies: readonly BodyCase[] = [
  { name: 'the usual', body: good, status: 201 },
  { name: 'empty object', body: '{}', ...invalid, fields: ['email', 'password'] },
  {
    name: 'every field wrong at once',
    body: '{"email":1,"password":2,"full_name":3,"speaking_language":4,"listening_language":5}',
    ...invalid,
    fields: ['email', 'password', 'full_name', 'speaking_language', 'listening_language'],
  },
  { name: 'array', body: `[${good}]`, ...invalid, fields: ['body'] },
  { name: 'empty array', body: '[]', ...invalid, fields: ['body'] },
  { name: 'null', body: 'null', ...invalid, fields: ['body'] },
  { name: 'true', body: 'true', ...invalid, fields: ['body'] },
  { name: 'number', body: '42', ...invalid, fields: ['body'] },
  { name: 'string', body: '"email"', ...invalid, fields: ['body'] },
  { name: 'huge number', body: '1e999', ...invalid, fields: ['body'] },
  { name: 'no body', body: '', ...unreadable },
  { name: 'white space', body: ' \n ', ...unreadable },
  { name: 'cut off', body: good.slice(0, -1), ...unreadable },
  { name: 'two documents', body: `${good}${good}`, ...unreadable },
  { name: 'trailing comma', body: good.replace('}', ',}'), ...unreadable },
  { name: 'single quotes', body: good.replaceAll('"', "'"), ...unreadable },
  { name: 'comment', body: `/**/${good}`, ...unreadable },
  { name: 'NaN', body: 'NaN', ...unreadable },
  { name: 'raw new line in a string', body: '{"email":"a\n@example.com"}', ...unreadable },
  { name: 'bad escape', body: '{"email":"\\x41"}', ...unreadable },
  { name: 'form', body: 'email=a%40example.com&password=MyStr0ngP%40ss!', ...unreadable },
  { name: 'XML', body: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', ...unreadable },
  { name: 'byte order mark', body: `\ufeff${good}`, status: 201 },
  { name: 'white space around', body: ` \r\n${good}\t`, status: 201 },
  {
    name: 'escaped key and value',
    body: '{"\\u0065mail":"@@","password":"\\u004dyStr0ngP@ss!"}',
    status: 201,
  },
  { name: 'duplicate key: the last counts', body: `{"email":"no address",${good.slice(1)}`, status: 201 },
  {
    name: 'duplicate key: the last is wrong',
    body: good.replace('}', ',"email":"no address"}'),
    ...invalid,
    fields: ['email'],
  },
  {
    name: '__proto__ with the fields',
    body: `{"__proto__":${good}}`,
    ...invalid,
    fields: ['email', 'password'],
  },
  {
    name: '__proto__ beside them',
    body: good.replace('}', ',"__proto__":{"is_verified":true}}'),
    status: 201,
  },
  {
    name: 'constructor.prototype',
    body: good.replace('}', ',"constructor":{"prototype":{"is_verified":true}}}'),
    status: 201,
  },
  {
    name: 'columns that are not fields',
    body: good.replace(
      '}',
      ',"id":1,"is_verified":true,"is_active":false,"hashed_password":"x","created_at":"1970-01-01","deleted_at":"1970-01-01","role":"admin"}',
    ),
    status: 201,
  },
  {
    name: 'fields in camel case are none',
    body: good.replace('email', 'Email'),
    ...invalid,
    fields: ['email'],
  },
  { name: 'invite of another type', body: good.replace('}', ',"invite":{"a":[1]}}'), status: 201 },
  { name: '4,000 arrays deep', body: '['.repeat(4000) + ']'.repeat(4000), ...invalid, fields: ['body'] },
  {
    name: '1,500 objects deep, beside the fields',
    body: good.replace('}', `,"x":${'{"a":'.repeat(1500)}1${'}'.repeat(1500)}}`),
    status: 201,
  },
  {
    name: '800 keys',
    body: good.replace('}', `${Array.from({ length: 800 }, (_, n) => `,"k${n}":${n}`).join('')}}`),
    status: 201,
  },
  { name: '32,768 bytes', body: ofSize(32_768), status: 201 },
  { name: '32,769 bytes', body: ofSize(32_769), ...tooLarge },
  {
    name: 'a password of 1,000 emoji, each escaped',
    body: good.replace('MyStr0ngP@ss!', '\\ud83e\\udd9c'.repeat(1000)),
    status: 201,
    password: '🦜'.repeat(1000),
  },
  { name: '100 kB', body: ofSize(100_000), ...tooLarge },
  { name: '900 kB', body: ofSize(900_000), ...tooLarge },
  { name: 'no content type', body: Buffer.from(good), headers: {}, ...unsupported },
  { name: 'text/plain', body: good, headers: { 'content-type': 'text/plain' }, ...unsupported },
  {
    name: 'a form by its type',
    body: 'email=a',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    ...unsupported,
  },
  {
    name: 'multipart',
    body: '--x\r\n\r\n--x--',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    ...unsupported,
  },
  { name: 'application/jsonp', body: good, headers: { 'content-type': 'application/jsonp' }, ...unsupported },
  { name: 'text/json', body: good, headers: { 'content-type': 'text/json' }, ...unsupported },
  { name: 'an empty content type', body: good, headers: { 'content-type': '' }, ...unsupported },
  {
    name: 'two types in one',
    body: good,
    headers: { 'content-type': 'text/plain, application/json' },
    ...unsupported,
  },
  { name: 'type in capitals', body: good, headers: { 'content-type': 'Application/JSON' }, status: 201 },
  {
    name: 'charset=UTF-8',
    body: good,
    headers: { 'content-type': 'application/json; charset="UTF-8"' },
    status: 201,
  },
  {
    name: 'charset=utf-7',
    body: good,
    headers: { 'content-type': 'application/json; charset=utf-7' },
    ...unsupported,
  },
  {
    name: 'charset=utf-16le, and so it is',
    body: Buffer.from(good, 'utf16le'),
    headers: { 'content-type': 'application/json; charset=utf-16le' },
    ...unsupported,
  },
  {
    name: 'two charsets',
    body: good,
    headers: { 'content-type': 'application/json; charset=utf-8; charset=latin1' },
    ...unsupported,
  },
  {
    name: 'UTF-16 without saying so',
    body: Buffer.from(`\ufeff${good}`, 'utf16le'),
    headers: json,
    ...unsupported,
  },
  {
    name: 'latin1 bytes',
    body: Buffer.from('{"full_name":"Zo\xeb"}', 'latin1'),
    headers: json,
    ...unsupported,
  },
  {
    name: 'a surrogate in UTF-8 bytes',
    body: Buffer.concat([Buffer.from('{"password":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
    headers: json,
    ...unsupported,
  },
  {
    name: 'overlong NUL',
    body: Buffer.concat([Buffer.from('{"password":"'), Buffer.from([0xc0, 0x80]), Buffer.from('"}')]),
    headers: json,
    ...unsupported,
  },
  {
    name: 'gzip',
    body: zlib.gzipSync('{"email":"gzipped@example.com","password":"MyStr0ngP@ss!"}'),
    headers: { ...json, 'content-encoding': 'gzip' },
    status: 201,
  },
  {
    name: 'a bomb: 50 MB of zeros in 50 kB of gzip',
    body: zlib.gzipSync(Buffer.alloc(50_000_000)),
    headers: { ...json, 'content-encoding': 'gzip' },
    ...tooLarge,
  },
  {
    name: 'a bomb in 9 kB',
    body: zlib.gzipSync(Buffer.alloc(8_000_000)),
    headers: { ...json, 'content-encoding': 'gzip' },
    ...tooLarge,
  },
  {
    name: 'a bomb of brotli',
    body: zlib.brotliCompressSync(Buffer.alloc(50_000_000)),
    headers: { ...json, 'content-encoding': 'br' },
    ...tooLarge,
  },
  { name: 'gzip that is none', body: good, headers: { ...json, 'content-encoding': 'gzip' }, ...unreadable },
  {
    name: 'gzip, cut off',
    body: zlib.gzipSync(good).subarray(0, 20),
    headers: { ...json, 'content-encoding': 'gzip' },
    ...unreadable,
  },
  {
    name: 'encoding that nobody has',
    body: good,
    headers: { ...json, 'content-encoding': 'zstd' },
    ...unsupported,
  },
  {
    name: 'encodings stacked',
    body: zlib.gzipSync(zlib.gzipSync(good)),
    headers: { ...json, 'content-encoding': 'gzip, gzip' },
    ...unsupported,
  },
];
