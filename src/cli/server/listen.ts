import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { CliError } from '../cli-error.js';

/**
 * Requests of one connection that wait for their answer. One read can hold a thousand of them, and the answers of a
 * client that takes none would stay in memory: hundreds of times what it sent. Hardly anybody pipelines at all.
 */
const mostUnanswered = 64;

/** Requests in flight get this long to finish: below `stopPatience`, for the database is closed after them. */
const drainTime = 8_000;

/** Who has not sent all of a request this long after the listener closed is not waited for. */
const requestTime = 1_000;

export interface Listening {
  /** Without a trailing slash. Names localhost where the server listens on every address. */
  readonly url: string;
  readonly port: number;
  /** From now on each answer is the last one of its connection: balancers go elsewhere with the next request. */
  drain(): void;
  /** Stops accepting, lets requests in flight finish within 8 s, closes the connections. */
  close(): Promise<void>;
}

export interface ListenOptions {
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** How to choose another port, for the message when this one is taken. */
  portAdvice: string;
}

/**
 * An HTTP server that a slow or silent client cannot hold: headers within 10 s, the request within 15 s, 30 s of
 * silence at most; and one that sends request after request without reading the answers is cut off.
 *
 * @throws CliError when the address is taken or cannot be used
 */
export async function listen(
  handler: RequestListener,
  { host, port, portAdvice }: ListenOptions,
): Promise<Listening> {
  const connections = new Connections();
  let draining = false;
  const server = createServer({ connectionsCheckingInterval: 2_000 }, (req, res) => {
    if (connections.add(req.socket, res) > mostUnanswered) req.socket.destroy();
    if (req.socket.destroyed) return;
    if (draining) res.setHeader('Connection', 'close');
    handler(req, res);
  });
  server.on('connection', (socket) => connections.open(socket));
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  server.timeout = 30_000;
  // Above the idle time of the usual load balancers (60 s), which otherwise reuse a connection that we just closed.
  server.keepAliveTimeout = 65_000;
  server.maxConnections = 10_000;
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, host, port, portAdvice);
  }
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${shownHost(host)}:${actual}`,
    port: actual,
    drain,
    close() {
      drain();
      return closeGracefully(server, connections);
    },
  };

  function drain(): void {
    draining = true;
    for (const res of connections.unanswered()) if (!res.headersSent) res.setHeader('Connection', 'close');
  }
}

/** With the answers that each waits for. By connection: when that breaks, Node emits `close` for its first answer alone. */
class Connections {
  readonly #answers = new Map<Socket, Set<ServerResponse>>();

  open(socket: Socket): void {
    this.#answers.set(socket, new Set());
    socket.once('close', () => this.#answers.delete(socket));
  }

  /** @returns how many wait on this connection now */
  add(socket: Socket, res: ServerResponse): number {
    const own = this.#answers.get(socket);
    own?.add(res);
    res.once('close', () => own?.delete(res));
    return own?.size ?? 0;
  }

  *unanswered(): Iterable<ServerResponse> {
    for (const own of this.#answers.values()) yield* own;
  }

  /** Those on which nothing is to be answered: idle ones, and clients that are slow to send, or silent. */
  *withoutRequest(): Iterable<Socket> {
    for (const [socket, own] of this.#answers) {
      if (![...own].some(({ req }) => req.complete)) yield socket;
    }
  }
}

async function closeGracefully(server: Server, connections: Connections): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const timers = [
    setTimeout(() => {
      for (const socket of connections.withoutRequest()) socket.destroy();
    }, requestTime),
    setTimeout(() => server.closeAllConnections(), drainTime),
  ];
  await closed;
  for (const timer of timers) clearTimeout(timer);
}

/** As a person reaches it from this machine. */
function shownHost(host: string): string {
  if (['0.0.0.0', '::', '127.0.0.1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function listenError(error: unknown, host: string, port: number, portAdvice: string): CliError {
  const { code } = error as NodeJS.ErrnoException;
  const messages: Record<string, string> = {
    EADDRINUSE: `port ${port} is taken by another program`,
    EACCES: `port ${port} may not be used by this user`,
    EADDRNOTAVAIL: `this machine has no address ${host}`,
    ENOTFOUND: `this machine has no address ${host}`,
  };
  return new CliError(
    messages[code ?? ''] ?? `cannot listen on ${host}:${port} (${code ?? 'unknown error'})`,
    {
      advice: portAdvice,
      cause: error,
    },
  );
}
