import type { RequestHandler } from 'express';
import type { Config } from '../options.js';
import type { Logger } from '../logger.js';

const usual = '/api/v1/auth/verify-email';

/**
 * Warns once where the mailed links lead to the usual path and these routes are mounted at another: a signup is then
 * answered 201, and its link 404. Only a request shows where the host mounted us.
 */
export function createMountCheck({
  config: { publicUrl, verificationUrl },
  logger,
}: {
  readonly config: Pick<Config, 'publicUrl' | 'verificationUrl'>;
  readonly logger: Logger;
}): RequestHandler {
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
