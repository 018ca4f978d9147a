import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { ServiceUnavailableError } from '../../src/errors.js';
import { createTestInstance, rejection } from '../fluentmeet/test-instance.js';

/** One message of PostgreSQL's protocol: its type, its length, its content. */
function message(type: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + content.length);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(content)]);
}

describe("the module's own connections", () => {
  let server: Server;
  before(async () => {
    // A server that goes down as soon as a client is in: all of it in one packet.
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        const welcome = [message('R', '\0\0\0\0'), message('Z', 'I')];
        socket.end(Buffer.concat([...welcome, message('E', 'SFATAL\0C57P01\0Mgoing down\0\0')]));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());

  it('survive a server that goes down in the moment in which they are opened', async () => {
    const { port } = server.address() as AddressInfo;
    const instance = createTestInstance(`postgres://app@127.0.0.1:${port}/app`);
    const lookup = instance.fluentmeet.findUserByEmail('ada@example.com');
    expect(await rejection(lookup)).to.be.instanceOf(ServiceUnavailableError);
    await instance.fluentmeet.stop();
  });
});
