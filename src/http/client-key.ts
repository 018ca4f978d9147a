import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';
import type { HttpRequest } from './middleware.js';

/**
 * What a client is counted by: its IPv4 address (also where it is written as IPv6), or its IPv6 /56, which is what one
 * household or one rented server gets. Respects the host's `trust proxy`, through `req.ip`.
 */
export function clientKey({ ip, socket }: HttpRequest): string {
  const address = bareAddress(ip ?? socket.remoteAddress ?? '');
  // No address (a Unix socket) or no valid one (a proxy that forwards nonsense): all of those share one budget.
  return isIP(address) ? ipKeyGenerator(address, 56) : 'unknown';
}

/** Some proxies forward `192.0.2.1:4711` or `[2001:db8::1]:4711`; each connection would then be a client of its own. */
function bareAddress(ip: string): string {
  const withPort = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(ip);
  const address = withPort?.[1] ?? withPort?.[2] ?? ip;
  return address.split('%', 1)[0] as string;
}
