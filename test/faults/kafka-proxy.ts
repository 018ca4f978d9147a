import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { frameReader } from './frames.js';

export interface KafkaProxy {
  /** What to give as a broker. The metadata that passes names it too, so that nobody goes around the proxy. */
  readonly broker: string;
  /** The connection as such: delayed, frozen, refused. */
  readonly tcp: TcpProxy;
  /**
   * From now on the broker appends what is produced, and its acknowledgement gets lost: every other time the connection
   * breaks, and every other time there is silence. `null` ends it.
   */
  loseAcknowledgements(lose: true | null): void;
  /** How many acknowledgements got lost. */
  readonly lost: number;
  stop(): Promise<void>;
}

const apiKeys = { produce: 0, metadata: 3 };

/** A door in front of a Kafka of one node that knows the protocol well enough to lose acknowledgements alone. */
export async function startKafkaProxy(broker: string): Promise<KafkaProxy> {
  const colon = broker.lastIndexOf(':');
  const target = { host: broker.slice(0, colon), port: Number(broker.slice(colon + 1)) };
  const sockets = new Set<Socket>();
  let losing: true | null = null;
  let lost = 0;

  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    const requests = new Map<number, { key: number; version: number }>();
    let silent = false;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    const readRequests = frameReader(kafkaFrameLength);
    client.on('data', (data: Buffer) => {
      for (const frame of readRequests(data)) {
        requests.set(frame.readInt32BE(8), { key: frame.readInt16BE(4), version: frame.readInt16BE(6) });
        upstream.write(frame);
      }
    });
    const readAnswers = frameReader(kafkaFrameLength);
    upstream.on('data', (data: Buffer) => {
      for (const frame of readAnswers(data)) {
        const correlation = frame.readInt32BE(4);
        const request = requests.get(correlation);
        requests.delete(correlation);
        if (request?.key === apiKeys.produce && losing) {
          lost += 1;
          silent = true;
          if (lost % 2 === 1) cut();
        }
        if (silent) continue;
        const isMetadata = request?.key === apiKeys.metadata;
        client.write(isMetadata ? readdressed(frame, request.version, door.port) : frame);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const door = await startProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });

  return {
    broker: `127.0.0.1:${door.port}`,
    tcp: door,
    loseAcknowledgements(lose) {
      losing = lose;
    },
    get lost() {
      return lost;
    },
    async stop() {
      await door.stop();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function kafkaFrameLength(head: Buffer): number | undefined {
  return head.length < 4 ? undefined : head.readInt32BE(0) + 4;
}

/** A metadata answer (versions 0 to 8) whose brokers all are at this port of 127.0.0.1. */
function readdressed(frame: Buffer, version: number, port: number): Buffer {
  // Length, correlation id, and from version 3 on the throttle time.
  let at = version >= 3 ? 12 : 8;
  const count = frame.readInt32BE(at);
  const parts = [frame.subarray(4, at + 4)];
  at += 4;
  const host = Buffer.from('127.0.0.1');
  for (let broker = 0; broker < count; broker++) {
    const address = Buffer.alloc(4 + 2 + host.length + 4);
    frame.copy(address, 0, at, at + 4);
    address.writeInt16BE(host.length, 4);
    host.copy(address, 6);
    address.writeInt32BE(port, 6 + host.length);
    parts.push(address);
    at += 4 + 2 + frame.readInt16BE(at + 4) + 4;
    if (version === 0) continue;
    const rack = 2 + Math.max(0, frame.readInt16BE(at));
    parts.push(frame.subarray(at, at + rack));
    at += rack;
  }
  const body = Buffer.concat([...parts, frame.subarray(at)]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}
