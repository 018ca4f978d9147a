import { literal, Op } from 'sequelize';
import type { Context } from '../context.js';
import { IdempotencyKeyReusedError } from '../errors.js';
import { hashKeys, keyLifetime, type KeyHashes } from './idempotency-key.js';
import type { SignUpKey } from './signup-key.js';

type KeyContext = Pick<Context, 'config' | 'database' | 'models'>;

/**
 * The signup that came with this key within a day, or null. Its `user_id` is null where it leads to no account, since the
 * address was known before or the account is removed; its `user` also where that is deleted.
 *
 * @throws IdempotencyKeyReusedError (`IDEMPOTENCY_KEY_REUSED`) where it came with another address;
 *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function findKeyedSignUp(
  context: KeyContext,
  hashes: readonly KeyHashes[],
): Promise<SignUpKey | null> {
  const row = await findRow(
    context,
    hashes.map(({ key }) => key),
  );
  if (!row) return null;
  if (!hashes.some(({ address }) => address.equals(row.address_hash))) throw new IdempotencyKeyReusedError();
  return row;
}

/**
 * For the page that waits: whether the account of this key's own signup is verified. Null for a key that is not known.
 * Where known addresses are concealed, a signup whose address was known before stays pending, whatever that account is, and
 * so does one whose account was removed.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function signUpStatus(context: KeyContext, key: string): Promise<'pending' | 'verified' | null> {
  const row = await findRow(context, hashKeys(context.config, key));
  if (!row || (row.user_id === null && context.config.duplicates !== 'conceal')) return null;
  return row.user?.is_verified ? 'verified' : 'pending';
}

async function findRow(context: KeyContext, keyHashes: Buffer[]): Promise<SignUpKey | null> {
  const row = await newestRow(context, keyHashes);
  if (!row || row.get('live')) return row;
  // A key is its client's to use again after a day.
  const { models, database } = context;
  const isOver = { [Op.lte]: literal(`${database.now()} - ${keyLifetime}`) };
  const where = { key_hash: row.key_hash, created_at: isOver };
  if ((await models.SignUpKey.destroy({ where })) > 0) return null;
  // Somebody else did so meanwhile, and may have used it already.
  const anew = await newestRow(context, keyHashes);
  return anew?.get('live') ? anew : null;
}

function newestRow({ models, database }: KeyContext, keyHashes: Buffer[]): Promise<SignUpKey | null> {
  const { SignUpKey } = models;
  const live = literal(`"${SignUpKey.name}"."created_at" > ${database.now()} - ${keyLifetime}`);
  return SignUpKey.findOne({
    where: { key_hash: keyHashes },
    include: 'user',
    attributes: { include: [[live, 'live']] },
    order: [['created_at', 'desc']],
  });
}
