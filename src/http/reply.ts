import type { ServerResponse } from 'node:http';

/** An answer as a value: what a handler makes, and `sendReply` alone writes. */
export type Reply = {
  status: number;
  headers?: Readonly<Record<string, string>>;
} & ({ json: unknown } | { html: string } | { content: string; type: string } | { empty: true });

/**
 * Writes with Node's own means: the host's `json replacer`, `json spaces` and ETag settings are about its routes.
 * Of no effect where the host answered meanwhile (a timeout middleware) or the client is gone.
 */
export function sendReply(res: ServerResponse, reply: Reply): void {
  if (res.headersSent || res.writableEnded || res.destroyed) return;
  res.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    // To what the host's own middleware says (`Vary: Origin` of cors).
    if (name === 'Vary') res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
  if ('empty' in reply) {
    res.end();
    return;
  }
  const [type, body] = contentOf(reply);
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  if (!reply.headers?.['Cache-Control']) res.setHeader('Cache-Control', 'no-store');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.end(body);
}

function contentOf(reply: Exclude<Reply, { empty: true }>): [type: string, body: string] {
  if ('json' in reply) return ['application/json', JSON.stringify(reply.json)];
  return 'html' in reply ? ['text/html', reply.html] : [reply.type, reply.content];
}
