import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { ForeignHashes } from '../../src/passwords/foreign-hashes.js';

/** Made by Django 5.2. */
export const madeByDjango = {
  password: 'MyStr0ngP@ss!',
  pbkdf2: 'pbkdf2_sha256$1000$aVerySaltySalt22chars$vLL9DwPfJqdjBQgbwpKcv8hS9CcO9QKLATkEJ9KAdow=',
  scrypt:
    'scrypt$1024$saltOfScrypt$8$5$b+ayzWOas7lH6CUnSBaQ9xJNm/gp3+hUFuUDkunD5a7+HVBNqClZ2RyO0sUxg9rHIvysDAW5yaOlGathSObCOw==',
};

/** What a host writes for Django's users. */
export const djangoHashes: ForeignHashes = {
  reads: (hash) => /^(pbkdf2_sha256|scrypt)\$/.test(hash),
  async verify(password, hash) {
    const [scheme, cost, salt = '', ...rest] = hash.split('$');
    const digest = Buffer.from(rest.at(-1) ?? '', 'base64');
    const derived =
      scheme === 'scrypt'
        ? await scryptOf(password, salt, digest.length, {
            N: Number(cost),
            r: Number(rest[0]),
            p: Number(rest[1]),
          })
        : await promisify(pbkdf2)(password, salt, Number(cost), digest.length, 'sha256');
    return timingSafeEqual(derived, digest);
  },
};

function scryptOf(
  password: string,
  salt: string,
  length: number,
  options: { N: number; r: number; p: number },
) {
  return new Promise<Buffer>((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
