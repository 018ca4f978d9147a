import type { Logger } from '../logger.js';
import type { HttpRequest } from './http-request.js';

/** What proxies tell a client's address in, RFC 7239's header among them. Express reads the first alone. */
const forwardedHeaders = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

/**
 * Warns once of a `trust proxy` under which clients are counted wrongly. Only a request shows the host's setting, and
 * whether there is a proxy at all.
 */
export function createTrustProxyCheck({ logger }: { readonly logger: Logger }): (req: HttpRequest) => void {
  let warned = false;
  const warn = (event: string, message: string): void => {
    warned = true;
    logger.warn({ event }, message);
  };
  return ({ app, headers }) => {
    if (warned || !app) return;
    const setting = app.get('trust proxy');
    if (setting === true) {
      warn(
        'rate-limit.trust-proxy',
        "Express's `trust proxy` is true: any client can forge its address and escape the rate limits. " +
          'Set it to the number of proxies, or to their addresses',
      );
    } else if (!setting && forwardedHeaders.some((name) => headers[name] !== undefined)) {
      warn(
        'rate-limit.trust-proxy-unset',
        "A forwarded address arrived and Express's `trust proxy` is not set: if a proxy sent it, all clients behind " +
          'that proxy share one budget of the rate limits. Set it to the number of proxies, or to their addresses, ' +
          'and have them send X-Forwarded-For',
      );
    }
  };
}
