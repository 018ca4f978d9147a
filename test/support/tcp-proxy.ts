import { connect, createServer, type Server, type Socket } from 'node:net';

import { freePorts } from './processes.js';

/**
 * - `pass`: as if the proxy were not there
 * - `freeze`: accepts connections, reads, and answers nothing; what came meanwhile is passed on later
 * - `refuse`: nobody listens on the port, and open connections are cut
 * - `delayMs`: everything later by so much, each way
 * - `drop-replies`: requests reach the target, its replies are swallowed
 */
type ProxyMode = 'pass' | 'freeze' | 'refuse' | 'drop-replies' | { delayMs: number };

export interface TcpProxy {
  /** On 127.0.0.1, the same through every mode. */
  readonly port: number;
  readonly mode: ProxyMode;
  /** Something came while it is frozen. */
  readonly isHolding: boolean;
  /** Holds for open connections too, from the next byte on. */
  setMode(mode: ProxyMode): Promise<void>;
  /** Destroys the open connections, on both sides. */
  cut(): void;
  stop(): Promise<void>;
}

/** A door in front of a server, which a test can jam. */
export async function startProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const [port] = (await freePorts(1)) as [number];
  const connections = new Set<Connection>();
  let mode: ProxyMode = 'pass';
  let server: Server | undefined;

  const listen = () =>
    new Promise<void>((resolve, reject) => {
      server = createServer((client) => {
        const connection = new Connection(client, connect(target.port, target.host), () => mode);
        connections.add(connection);
        client.once('close', () => connections.delete(connection));
      });
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  const cut = () => connections.forEach((connection) => connection.cut());
  const close = () =>
    new Promise<void>((resolve) => {
      const closing = server;
      server = undefined;
      if (closing) closing.close(() => resolve());
      else resolve();
      cut();
    });

  await listen();
  return {
    port,
    get mode() {
      return mode;
    },
    get isHolding() {
      return [...connections].some((connection) => connection.isHolding);
    },
    async setMode(next) {
      mode = next;
      if (next === 'refuse') await close();
      else if (server === undefined) await listen();
      connections.forEach((connection) => connection.flush());
    },
    cut,
    stop: close,
  };
}

class Connection {
  readonly #held: (() => void)[] = [];

  constructor(
    private readonly client: Socket,
    private readonly target: Socket,
    private readonly mode: () => ProxyMode,
  ) {
    this.#forward(client, target, () => true);
    this.#forward(target, client, () => this.mode() !== 'drop-replies');
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** Passes on what was held back while frozen. */
  flush(): void {
    if (this.mode() === 'freeze') return;
    for (const pass of this.#held.splice(0)) pass();
  }

  cut(): void {
    this.client.destroy();
    this.target.destroy();
  }

  #forward(from: Socket, to: Socket, isWanted: () => boolean): void {
    from.on('data', (data) => {
      if (isWanted()) this.#pass(() => to.destroyed || to.write(data));
    });
    from.on('end', () => this.#pass(() => to.end()));
    from.on('error', () => this.cut());
    from.on('close', (hadError) => hadError && this.cut());
  }

  #pass(action: () => void): void {
    const mode = this.mode();
    if (mode === 'freeze') this.#held.push(action);
    else if (typeof mode === 'object') setTimeout(action, mode.delayMs);
    else action();
  }
}
