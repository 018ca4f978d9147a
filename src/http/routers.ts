import { type FluentMeet, internalsOf } from '../fluentmeet.js';
import { type Middleware, router } from './middleware.js';
import { resendVerificationEndpoint } from './resend-verification-endpoint.js';
import { signupEndpoint } from './signup-endpoint.js';
import { verifyEmailEndpoint } from './verify-email-endpoint.js';

/** All three routes below where it is mounted: `/signup`, `/verify-email`, `/resend-verification`. */
export function authRouter(fluentmeet: FluentMeet): Middleware {
  const context = internalsOf(fluentmeet);
  return router({
    '/signup': signupEndpoint(context),
    '/verify-email': verifyEmailEndpoint(context),
    '/resend-verification': resendVerificationEndpoint(context),
  });
}

/** Signup alone, at the path where it is mounted with `app.use`. */
export function signupRouter(fluentmeet: FluentMeet): Middleware {
  return router({ '/': signupEndpoint(internalsOf(fluentmeet)) });
}

/** The verification link's page and its API. The option `verificationUrl` has to name where it is mounted. */
export function verifyEmailRouter(fluentmeet: FluentMeet): Middleware {
  return router({ '/': verifyEmailEndpoint(internalsOf(fluentmeet)) });
}

export function resendVerificationRouter(fluentmeet: FluentMeet): Middleware {
  return router({ '/': resendVerificationEndpoint(internalsOf(fluentmeet)) });
}
