import { FluentMeetError, plain } from '../errors.js';

/** The body does not parse. Keeps no cause: a SyntaxError quotes the text, which holds a password. */
export class InvalidJsonError extends plain('INVALID_JSON', 'The request body is not valid JSON.') {}

export class PayloadTooLargeError extends FluentMeetError {
  readonly code = 'PAYLOAD_TOO_LARGE';
  constructor(message = 'The request body is larger than 32 kB.') {
    super(message);
  }
}

export class UnsupportedMediaTypeError extends FluentMeetError {
  readonly code = 'UNSUPPORTED_MEDIA_TYPE';
}

export class MethodNotAllowedError extends FluentMeetError {
  readonly code = 'METHOD_NOT_ALLOWED';
  constructor(readonly allow: string) {
    super('This method is not allowed here.');
  }
}

export class RateLimitExceededError extends plain(
  'RATE_LIMIT_EXCEEDED',
  'Too many requests. Try again in a moment.',
) {}

/** The client closed the connection: there is nobody to answer. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
  constructor() {
    super('The client closed the connection');
  }
}
