import { networkOf } from '../network-of.js';
import type { HttpRequest } from './middleware.js';

/** What a client is counted by. Respects the host's `trust proxy`, through `req.ip`. */
export function clientKey({ ip, socket }: HttpRequest): string {
  // No address (a Unix socket) or no valid one (a proxy that forwards nonsense): all of those share one budget.
  return networkOf(ip ?? socket.remoteAddress ?? '') ?? 'unknown';
}
