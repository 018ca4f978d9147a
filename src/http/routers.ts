import express, { type RequestHandler, type Router } from 'express';
import { z } from 'zod';
import { type FluentMeet, internalsOf } from '../fluentmeet.js';
import { checkOptions } from '../options/check-options.js';
import { altchaOf, challengeEndpoint } from './challenge-endpoint.js';
import { createMountCheck } from './host-checks.js';
import { resendVerificationEndpoint } from './resend-verification-endpoint.js';
import { signupEndpoint } from './signup-endpoint.js';
import { signupPageEndpoint, type SignupPageOptions } from './signup-page-endpoint.js';
import { signupStatusEndpoint } from './signup-status-endpoint.js';
import { verifyEmailEndpoint } from './verify-email-endpoint.js';

/**
 * All routes below where it is mounted: `/signup`, `/signup/status`, `/verify-email`, `/resend-verification`, and
 * `/signup/challenge` where ALTCHA is the challenge.
 */
export function authRouter(fluentmeet: FluentMeet): Router {
  const context = internalsOf(fluentmeet);
  const router = express.Router();
  const checkMount = createMountCheck(context);
  for (const [path, endpoint] of Object.entries(endpoints)) {
    router.all(path, asTheHostMatches(path), checkMount, endpoint(context));
  }
  const altcha = altchaOf(context);
  if (altcha) router.all(challengePath, asTheHostMatches(challengePath), challengeEndpoint(context, altcha));
  return router;
}

/** There where challenges of ours are asked for, and the host's own path elsewhere. */
const challengePath = '/signup/challenge';

const endpoints = {
  '/signup': signupEndpoint,
  '/signup/status': signupStatusEndpoint,
  '/verify-email': verifyEmailEndpoint,
  '/resend-verification': resendVerificationEndpoint,
};

/** Signup alone, at the path where it is mounted with `app.use`, its `/status`, and its `/challenge` where there is one of ours. */
export function signupRouter(fluentmeet: FluentMeet): Router {
  const context = internalsOf(fluentmeet);
  const router = express.Router();
  router.all('/', signupEndpoint(context)).all('/status', signupStatusEndpoint(context));
  const altcha = altchaOf(context);
  return altcha ? router.all('/challenge', challengeEndpoint(context, altcha)) : router;
}

/**
 * The signup as a page, at the path where it is mounted with `app.use`: a form that works without script, posts to its own
 * path and brings its own assets.
 *
 * @throws InvalidOptionsError
 */
export function signupPage(fluentmeet: FluentMeet, options: SignupPageOptions = {}): Router {
  const checked = checkOptions(pageOptions, options, ['signupPage']);
  return express.Router().all('/', signupPageEndpoint(internalsOf(fluentmeet), checked));
}

const pageOptions = z.strictObject({ mailboxUrl: z.string().optional() });

/** The verification link's page and its API. The option `verificationUrl` has to name where it is mounted. */
export function verifyEmailRouter(fluentmeet: FluentMeet): Router {
  return express.Router().all('/', verifyEmailEndpoint(internalsOf(fluentmeet)));
}

export function resendVerificationRouter(fluentmeet: FluentMeet): Router {
  return express.Router().all('/', resendVerificationEndpoint(internalsOf(fluentmeet)));
}

/**
 * The `case sensitive routing` and `strict routing` of the app, where it sets them: a Router is made before it is mounted
 * anywhere, and matches leniently by itself.
 */
function asTheHostMatches(path: string): RequestHandler {
  return (req, _res, next) => {
    // Not there where the router is called without an app.
    const host = req.app as express.Application | undefined;
    const wrongCase = host?.enabled('case sensitive routing') && !req.path.startsWith(path);
    const extraSlash = host?.enabled('strict routing') && req.path.length > path.length;
    next(wrongCase || extraSlash ? 'route' : undefined);
  };
}
