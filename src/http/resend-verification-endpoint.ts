import { z } from 'zod';
import { notText } from '../faults.js';
import type { Internals } from '../fluentmeet.js';
import { resendVerification, type ResendRequest } from '../verification/resend-verification.js';
import { endpoint } from './endpoint.js';
import type { Middleware } from './http-request.js';
import { rateLimitersOf } from './rate-limiter.js';
import { parseInput, readBody } from './read-body.js';
import type { Reply } from './reply.js';

/** A string is all it must be: what is no address is answered like an unknown one. */
export const resendInput = z.object({
  email: z.string({ error: notText('EMAIL_MISSING', 'EMAIL_NOT_TEXT') }),
});

export const resendAccepted = {
  status: 'ok',
  message: 'If an account with this address still has to be verified, a new email is on its way.',
} as const;

export function resendVerificationEndpoint(context: Internals): Middleware {
  const limiters = rateLimitersOf(context);
  return endpoint(context, 'resend-verification', {
    async POST(own, req, res) {
      await limiters.resend(req, res);
      return resend(own, parseInput(resendInput, await readBody(req, ['json'])));
    },
  });
}

/** The same answer, whether or not anything was sent. */
export async function resend(context: Internals, request: ResendRequest): Promise<Reply> {
  await resendVerification(context, request);
  return { status: 200, json: resendAccepted };
}
