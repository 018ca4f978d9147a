import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { frameReader } from './frames.js';

export interface PostgresProxy {
  /** The connection string, with the proxy's address. */
  readonly url: string;
  /**
   * The server carries out every `every`th statement that matches, and its answer gets lost: in turns the connection
   * breaks, and there is silence. `null` ends it.
   */
  loseAnswers(rule: { to: RegExp; every: number } | null): void;
  /** How many answers got lost. */
  readonly lost: number;
  /** Resolves when a statement that matches has come. It does not reach the server until the result is called. */
  hold(statement: RegExp): Promise<() => void>;
  stop(): Promise<void>;
}

/** A door in front of PostgreSQL that knows the protocol well enough to tell one statement from another. */
export async function startPostgresProxy(databaseUrl: string): Promise<PostgresProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let rule: { to: RegExp; every: number } | null = null;
  let matched = 0;
  let lost = 0;
  let holding: { statement: RegExp; held: (release: () => void) => void } | undefined;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    let answers: 'passed' | 'to be lost' | 'lost' = 'passed';
    let queue: Buffer[] | undefined;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Frames pass one by one: to hold the small ones back would cost 40 ms a statement.
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    let started = false;
    const statementOf = statementReader();
    const readStatements = frameReader((head) => {
      // The first message alone bears no type.
      const typeLength = started ? 1 : 0;
      if (head.length < typeLength + 4) return undefined;
      return head.readInt32BE(typeLength) + typeLength;
    });
    client.on('data', (data: Buffer) => {
      for (const frame of readStatements(data)) {
        const text = started ? statementOf(frame) : undefined;
        started = true;
        if (text !== undefined && rule?.to.test(text) && matched++ % rule.every === 0) answers = 'to be lost';
        if (text !== undefined && holding?.statement.test(text)) {
          const { held } = holding;
          holding = undefined;
          queue = [];
          held(() => {
            for (const one of queue ?? []) upstream.write(one);
            queue = undefined;
          });
        }
        if (queue) queue.push(frame);
        else upstream.write(frame);
      }
    });
    const readAnswers = frameReader((head) => (head.length < 5 ? undefined : head.readInt32BE(1) + 1));
    upstream.on('data', (data: Buffer) => {
      for (const frame of readAnswers(data)) {
        if (answers === 'passed') {
          client.write(frame);
          continue;
        }
        // Ready for the next query: what this one did is committed.
        if (answers === 'to be lost' && frame[0] === 'Z'.charCodeAt(0)) {
          answers = 'lost';
          lost += 1;
          if (lost % 2 === 1) cut();
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    loseAnswers(next) {
      rule = next;
      matched = 0;
    },
    get lost() {
      return lost;
    },
    hold: (statement) =>
      new Promise((held) => {
        holding = { statement, held };
      }),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The SQL that a message of one connection has the server carry out: at once, or by the name it was prepared by. */
function statementReader(): (frame: Buffer) => string | undefined {
  const prepared = new Map<string, string>();
  return (frame) => {
    const textAt = (from: number): string => frame.toString('utf8', from, frame.indexOf(0, from));
    const afterText = frame.indexOf(0, 5) + 1;
    switch (String.fromCharCode(frame[0] as number)) {
      case 'Q':
        return textAt(5);
      case 'P': {
        const name = textAt(5);
        if (name === '') return textAt(afterText);
        prepared.set(name, textAt(afterText));
        return undefined;
      }
      case 'B':
        return prepared.get(textAt(afterText));
      default:
        return undefined;
    }
  };
}
