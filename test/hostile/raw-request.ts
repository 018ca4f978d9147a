import { connect } from 'node:net';

export interface RawResponse {
  status: number;
  /** Names in lower case; the last of a repeated one. */
  headers: Record<string, string>;
  body: string;
  /** Everything that came, in case there is more than one response. */
  text: string;
}

/**
 * Sends these bytes and nothing else, for what `fetch` would not let through, and reads until the server closes.
 *
 * @throws Error when the server neither answers nor closes in time
 */
export function rawRequest(port: number, bytes: string | Buffer, timeoutMs = 5_000): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end after ${timeoutMs} ms, and ${JSON.stringify(text().slice(0, 200))} so far`));
    }, timeoutMs);
    const text = () => Buffer.concat(chunks).toString('utf8');
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that cuts a hostile connection may well do it by a reset.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(parseResponse(text()));
    });
    socket.write(bytes);
  });
}

/** A request of these lines, with CRLF between them and `Connection: close`. */
export function requestText(startLine: string, headers: readonly string[], body = ''): string {
  return [startLine, ...headers, 'Connection: close', '', body].join('\r\n');
}

function parseResponse(all: string): RawResponse {
  // What Node says to `Expect: 100-continue` is not the answer yet.
  const text = all.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = (end === -1 ? text : text.slice(0, end)).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  return {
    // 0: the connection was closed without an answer.
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0),
    headers,
    // Node's own refusals are chunked, and empty.
    body: end === -1 ? '' : text.slice(end + 4).replace(/^0\r\n\r\n$/, ''),
    text,
  };
}
