import { describeError } from './logger.js';

/**
 * What may be logged of a failure of Redis. Of an answer its first word alone: an old server quotes the arguments of what
 * it does not know, a password among them. What the client or the system says is whole.
 */
export function describeRedisError(error: unknown): { name: string; code?: string; message?: string } {
  const { name, code, message } = describeError(error);
  const answer = /^[A-Z]{2,}(?= )/.exec(message)?.[0];
  return answer ? { name, code: answer } : { name, ...(code && { code }), message };
}
