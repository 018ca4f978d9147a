import { createHmac, timingSafeEqual } from 'node:crypto';
import bcrypt from 'bcrypt';

/** bcrypt reads no further, without a word (OWASP Password Storage Cheat Sheet). */
const mostBcryptBytes = 72;

/**
 * What the column `hashed_password` holds: bcrypt's `$2b$`, and for a password over 72 bytes in UTF-8 passlib's
 * `$bcrypt-sha256$v=2,t=2b,r=<cost>$<22 characters of salt>$<31 of digest>`: bcrypt of the password's HMAC-SHA-256, keyed
 * by the salt's characters, in base64. Python's passlib verifies both. It is one bcrypt of 72 bytes or fewer whatever the
 * length of the password.
 *
 * @param password see `passwordFault`: others would be cut or changed
 * @param cost bcrypt's, 4 to 15
 */
export async function hashPassword(password: string, cost: number): Promise<string> {
  // The salt here and now: left to bcrypt, it is two more jobs for libuv's threads, behind the hashes there.
  const settings = bcrypt.genSaltSync(cost);
  if (!isLong(password)) return bcrypt.hash(password, settings);
  const salt = settings.slice(-22);
  const hash = await bcrypt.hash(keyed(password, salt), settings);
  return `$bcrypt-sha256$v=2,t=2b,r=${cost}$${salt}$${hash.slice(-31)}`;
}

/**
 * Whether the password is the one that was hashed. Reads `$2a$`, `$2b$` and PHP's `$2y$` (the same by another name), and
 * `$bcrypt-sha256$` version 2; what else there is, or no hash at all, verifies nothing. A password over 72 bytes is never
 * compared by its first 72.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const parts = readPasswordHash(hash);
  if (!parts) return false;
  const { scheme, settings, digest } = parts;
  const long = scheme === 'bcrypt-sha256';
  const computed = await bcrypt.hash(long ? keyed(password, settings.slice(-22)) : password, settings);
  const same = timingSafeEqual(Buffer.from(computed.slice(-31)), Buffer.from(digest));
  return same && (long || !isLong(password)) && !/[\0\p{Surrogate}]/u.test(password);
}

/**
 * The same in the time of one hash at this cost, whatever the hash, and without one: who is not there, or has an older hash,
 * is told from nobody. A hash of a higher cost takes its own time.
 */
export async function comparePassword(
  password: string,
  hash: string | undefined,
  cost: number,
): Promise<boolean> {
  const parts = hash === undefined ? null : readPasswordHash(hash);
  if (!(hash !== undefined && parts)) {
    await spendHash(cost);
    return false;
  }
  const matches = await verifyPassword(password, hash);
  // 2^c + (2^c + 2^(c+1) + … + 2^(cost-1)) is 2^cost.
  for (let missing = parts.cost; missing < cost; missing += 1) await spendHash(missing);
  return matches;
}

/** The work of one hash, for nobody. */
export async function spendHash(cost: number): Promise<void> {
  await bcrypt.hash('nobody', bcrypt.genSaltSync(cost));
}

/** Whether `hashPassword` would make another kind of hash: of another cost, or in another format. */
export function isOutdatedHash(password: string, hash: string, cost: number): boolean {
  const parts = readPasswordHash(hash);
  return parts?.cost !== cost || parts.scheme !== (isLong(password) ? 'bcrypt-sha256' : '2b');
}

export interface PasswordHashParts {
  scheme: '2a' | '2b' | '2y' | 'bcrypt-sha256';
  cost: number;
  /** What bcrypt calls a salt: `$2b$12$` and the 22 characters. */
  settings: string;
  /** The 31 characters after it. */
  digest: string;
}

/** The parts of a hash that `verifyPassword` reads, of a cost from 4 to 15 (a higher one would hold a core for minutes); else null. */
export function readPasswordHash(hash: string): PasswordHashParts | null {
  const match = bcryptForm.exec(hash) ?? bcryptSha256Form.exec(hash);
  if (!match?.groups) return null;
  const { scheme, cost, salt, digest } = match.groups as Record<
    'scheme' | 'cost' | 'salt' | 'digest',
    string
  >;
  if (Number(cost) < 4 || Number(cost) > 15) return null;
  // bcrypt knows `$2a$` and `$2b$`, which are one algorithm since its bugs of 2011 and 2014 were named apart.
  const settings = `$${scheme === '2a' ? '2a' : '2b'}$${cost.padStart(2, '0')}$${salt}`;
  return { scheme: scheme as PasswordHashParts['scheme'], cost: Number(cost), settings, digest };
}

const bcryptForm =
  /^\$(?<scheme>2[aby])\$(?<cost>\d\d)\$(?<salt>[./A-Za-z0-9]{22})(?<digest>[./A-Za-z0-9]{31})$/;
const bcryptSha256Form =
  /^\$(?<scheme>bcrypt-sha256)\$v=2,t=2b,r=(?<cost>\d{1,2})\$(?<salt>[./A-Za-z0-9]{22})\$(?<digest>[./A-Za-z0-9]{31})$/;

function isLong(password: string): boolean {
  return Buffer.byteLength(password, 'utf8') > mostBcryptBytes;
}

function keyed(password: string, salt: string): string {
  return createHmac('sha256', salt).update(password, 'utf8').digest('base64');
}
