import type { RequestHandler } from 'express';
import type { Context } from '../context.js';
import type { HttpRequest } from './http-request.js';

/** What only a request shows of a host's own settings. */

const usual = '/api/v1/auth/verify-email';

/**
 * Warns once where the mailed links lead to the usual path and these routes are mounted at another: a signup is then
 * answered 201, and its link 404. Only a request shows where the host mounted us.
 */
export function createMountCheck({ config, logger }: Pick<Context, 'config' | 'logger'>): RequestHandler {
  const { publicUrl, verificationUrl } = config;
  // Whoever named another page knows where it is.
  let silent = verificationUrl !== `${publicUrl}${usual}`;
  return ({ baseUrl }, _res, next) => {
    const mountedAt = `${baseUrl}/verify-email`;
    if (!silent && !mountedAt.toLowerCase().endsWith(usual)) {
      silent = true;
      logger.warn(
        { event: 'http.mounted-elsewhere', mountedAt, linksLeadTo: verificationUrl },
        'Mailed links lead to another path than this router is mounted at: set the option verificationUrl, unless a ' +
          'proxy or another router of yours answers there',
      );
    }
    next();
  };
}

/** What proxies tell a client's address in, RFC 7239's header among them. Express reads the first alone. */
const forwardedHeaders = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

/**
 * Warns once of a `trust proxy` under which clients are counted wrongly. Only a request shows the host's setting, and
 * whether there is a proxy at all.
 */
export function createTrustProxyCheck({ logger }: Pick<Context, 'logger'>): (req: HttpRequest) => void {
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
