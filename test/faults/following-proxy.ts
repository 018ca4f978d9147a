import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface FollowingProxy {
  /** The connection string, with the proxy's address. */
  readonly url: string;
  /** From now on connections go to this server; those to the one before are cut. */
  follow(url: string): void;
  stop(): Promise<void>;
}

/** What stands in front of a primary and its standbys: HAProxy, a virtual address, a name in the DNS. */
export async function startFollowingProxy(databaseUrl: string): Promise<FollowingProxy> {
  let target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = Object.assign(new URL(databaseUrl), {
    hostname: '127.0.0.1',
    port: String((server.address() as AddressInfo).port),
  });
  return {
    url: url.href,
    follow(next) {
      target = new URL(next);
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
