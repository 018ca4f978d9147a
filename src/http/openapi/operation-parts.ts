import { mostBytes } from '../read-body.js';
import type { Failure } from './describe-failures.js';

export const commonFailures: readonly Failure[] = [
  'METHOD_NOT_ALLOWED',
  'RATE_LIMIT_EXCEEDED',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
];

export const bodyFailures: readonly Failure[] = [
  'VALIDATION_ERROR',
  'INVALID_JSON',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  ...commonFailures,
];

export const rateLimitHeaders = {
  RateLimit: {
    description: 'What is left of the budget (draft-ietf-httpapi-ratelimit-headers-08).',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': { description: 'The budget.', schema: { type: 'string' } },
};

export function ok(description: string, example: { status: 'ok'; message: string }) {
  return {
    description,
    headers: rateLimitHeaders,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Ok' }, example } },
  };
}

export function jsonBody(schema: string) {
  return {
    required: true,
    description: `${mostBytes / 1024} kB at most, in UTF-8.`,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
  };
}

export function optionsOperation(operationId: string, allow: string) {
  return {
    operationId,
    summary: 'Which methods there are',
    responses: {
      204: {
        description: 'Nothing but the header.',
        headers: { Allow: { schema: { type: 'string', const: allow } } },
      },
    },
  };
}
