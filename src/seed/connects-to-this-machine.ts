import { isIP, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Transaction } from 'sequelize';
import { clientOf } from '../database/bind-model.js';

/**
 * Whether the connection of this transaction ends on this machine: by the address that its socket is connected to, not
 * by the name in some connection string, which may resolve to anything. A Unix socket and every address of the
 * machine's own are here; what a tunnel or proxy behind such an address leads to cannot be seen.
 */
export function connectsToThisMachine(transaction: Transaction): boolean {
  const client = clientOf(transaction) as { host?: string; connection?: { stream?: Socket } } | undefined;
  const address = client?.connection?.stream?.remoteAddress;
  if (address === undefined) return client?.host?.startsWith('/') === true;
  return isOwnAddress(address);
}

/** Loopback or an address of one of this machine's interfaces. */
export function isOwnAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIP(plain) === 4 && plain.startsWith('127.')) return true;
  if (plain === '::1') return true;
  return Object.values(networkInterfaces()).some((ones) => ones?.some((one) => one.address === plain));
}
