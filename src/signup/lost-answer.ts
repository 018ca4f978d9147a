import { DatabaseError, FluentMeetError, ServiceUnavailableError } from '../errors.js';

/** A refusal, ours or PostgreSQL's. After anything else (no answer, one that cannot be read) it may stand there all the same. */
export function surelyDidNothing(error: unknown): boolean {
  if (error instanceof ServiceUnavailableError) return !error.outcomeUnknown;
  if (error instanceof DatabaseError) return error.sqlState !== undefined;
  return error instanceof FluentMeetError;
}

/** What is answered where nobody can say what became of a statement: only a 503 is never wrong about it. */
export function outcomeUnknown(cause: unknown): ServiceUnavailableError {
  if (cause instanceof ServiceUnavailableError && cause.outcomeUnknown) return cause;
  return new ServiceUnavailableError('database', true, { cause });
}
