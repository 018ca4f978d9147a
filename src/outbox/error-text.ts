import { maskEmailAddress } from '../logger.js';

const most = 500;
/** A verification token: a UUID, version 8, whose hyphens a server may have made something else of. */
const token = new RegExp(
  ['[0-9a-f]{8}', '[0-9a-f]{4}', '8[0-9a-f]{3}', '[89ab][0-9a-f]{3}', '[0-9a-f]{12}'].join('[^0-9a-z]{0,3}'),
  'gi',
);
/** More is not looked at: the patterns below take longer than that for a hostile text. */
const mostRead = 2_000;

/**
 * A publisher's error text as it may be logged and stored: one line, with addresses masked and without tokens or
 * credentials, whatever the server at the other end quoted of the email.
 */
export function errorText(text: string): string {
  return (
    text
      .slice(0, mostRead)
      // eslint-disable-next-line no-control-regex -- PostgreSQL takes no NUL, and a log line is one line.
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
      .replace(/\/\/[^\s/@]+@/g, '//***@')
      .replace(/[^\s<>"'(),;:/@*]+@[^\s<>"'(),;:/@]+/g, maskEmailAddress)
      .replace(/%2d|=2d/gi, '-')
      .replace(token, '…')
      .slice(0, most)
  );
}
