import zlib from 'node:zlib';
import type { z } from 'zod';
import { ValidationError } from '../errors.js';
import { faultsOf } from '../faults.js';
import { type BodyType, notUtf8, requireBodyType } from './media-type.js';
import type { HttpRequest } from './http-request.js';
import {
  ClientGoneError,
  InvalidJsonError,
  PayloadTooLargeError,
  UnsupportedMediaTypeError,
} from './request-errors.js';

/** Of a body, inflated. */
export const mostBytes = 32 * 1024;
/** What a client may still send after its 413 before the connection is cut; up to there it can read the answer. */
const mostDiscardedBytes = 1024 * 1024;

/**
 * The body, parsed: by the host where it did, else here, of 32 kB at most, and in UTF-8 for certain, so that no
 * password is ever hashed with U+FFFD in the place of what was typed.
 *
 * Own code instead of express.json(): that decodes broken UTF-8 without a word, takes whole any body that is too large
 * before it says so, and inflates on libuv's threads, behind the passwords that are being hashed there.
 *
 * @throws UnsupportedMediaTypeError, PayloadTooLargeError, InvalidJsonError, ClientGoneError
 */
export async function readBody(req: HttpRequest, accepted: readonly BodyType[]): Promise<unknown> {
  const type = requireBodyType(req, accepted);
  if (isBodyless(req)) return parse('', type);
  const content = wasRead(req) ? hostContent(req) : await ownContent(req);
  return typeof content === 'string' ? parse(content, type) : content.parsed;
}

/** By its headers, also where the host made an empty object of it. HTTP/2 frames its bodies without a header. */
export function isBodyless({ headers, httpVersionMajor }: HttpRequest): boolean {
  return httpVersionMajor < 2 && !headers['transfer-encoding'] && !(Number(headers['content-length']) > 0);
}

function parse(text: string, type: BodyType): unknown {
  if (type === 'form') return formFields(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidJsonError();
  }
}

/** Ours have some fifteen, and a challenge adds a few. */
export const mostFields = 100;

/**
 * Each field's value, or all of them where it is repeated. Counted before anything is made of them: 32 kB can hold ten
 * thousand, and a page reads its form also when it answers 429.
 */
function formFields(text: string): Record<string, string | string[]> {
  if (text.split('&', mostFields + 1).length > mostFields) {
    throw new PayloadTooLargeError(`The form has more than ${mostFields} fields.`);
  }
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const earlier = fields.get(name);
    if (Array.isArray(earlier)) earlier.push(value);
    else fields.set(name, earlier === undefined ? value : [earlier, value]);
  }
  // Defines them one by one: a field named `__proto__` is one like any other.
  return Object.fromEntries(fields);
}

function wasRead(req: HttpRequest): boolean {
  return req.readableEnded || req.readableDidRead;
}

/** What the host's parser left: text, bytes, or something parsed, of which the length is only to be estimated. */
function hostContent(req: HttpRequest): string | { parsed: unknown } {
  requireSize(Number(req.headers['content-length'] ?? 0));
  const { body } = req;
  if (body === undefined) return '';
  if (body instanceof Uint8Array) {
    requireSize(body.byteLength);
    return decode(body);
  }
  const text = typeof body === 'string' ? body : serialised(body);
  requireSize(Buffer.byteLength(text));
  // The bytes are gone: U+FFFD is what a lenient decoder makes of those that are not UTF-8.
  if (text.includes('\ufffd')) throw notUtf8();
  return typeof body === 'string' ? body : { parsed: body };
}

function serialised(body: unknown): string {
  try {
    return JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  } catch {
    throw new InvalidJsonError();
  }
}

async function ownContent(req: HttpRequest): Promise<string> {
  const inflate = inflaterFor(req.headers['content-encoding']);
  const declared = Number(req.headers['content-length'] ?? 0);
  return decode(inflate(await collect(req, declared)));
}

function requireSize(bytes: number): void {
  if (bytes > mostBytes) throw new PayloadTooLargeError();
}

/** Rejects as soon as there is too much, and discards the rest, so that the client gets to read why. */
function collect(req: HttpRequest, declared: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = () => {
      chunks.length = 0;
      reject(new PayloadTooLargeError());
    };
    req.on('data', (chunk: Buffer | string) => {
      const bytes = Buffer.from(chunk as string);
      size += bytes.length;
      if (size > mostDiscardedBytes) req.destroy();
      else if (size > mostBytes) refuse();
      else chunks.push(bytes);
    });
    req.on('end', () => resolve(Buffer.concat(chunks)));
    req.on('error', () => reject(new ClientGoneError()));
    // Every request closes; an error with its stack for each costs more than reading the body.
    req.on('close', () => {
      if (!req.readableEnded) reject(new ClientGoneError());
    });
    req.resume();
    if (declared > mostBytes) refuse();
    if (req.destroyed) reject(new ClientGoneError());
  });
}

type Inflate = (bytes: Buffer) => Buffer;

const limit = { maxOutputLength: mostBytes };

/** Synchronous: 32 kB take some microseconds, and libuv's threads may be busy hashing for seconds. */
const inflaters = new Map<string, Inflate>([
  ['', (bytes) => bytes],
  ['identity', (bytes) => bytes],
  ['gzip', (bytes) => zlib.gunzipSync(bytes, limit)],
  ['deflate', (bytes) => zlib.inflateSync(bytes, limit)],
  ['br', (bytes) => zlib.brotliDecompressSync(bytes, limit)],
]);

function inflaterFor(encoding = ''): Inflate {
  const inflate = inflaters.get(encoding.trim().toLowerCase());
  if (!inflate) throw new UnsupportedMediaTypeError('This content encoding is not supported.');
  return (bytes) => {
    try {
      return inflate(bytes);
    } catch (error) {
      const tooLarge = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
      throw tooLarge ? new PayloadTooLargeError() : new InvalidJsonError();
    }
  };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8();
  }
}

/** @throws ValidationError naming every fault at once */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ValidationError(faultsOf(result.error));
}
