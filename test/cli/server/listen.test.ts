import { expect } from 'chai';
import { EventEmitter, once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import sinon from 'sinon';
import { listen, type Listening } from '../../../src/cli/server/listen.js';

describe('a server that stops', function () {
  // Less than Node's own limits, 10 s of a request's headers and 30 s of silence, which would end a connection in its place.
  this.timeout(8_000);
  let clock: sinon.SinonFakeTimers | undefined;
  afterEach(() => {
    clock?.restore();
    clock = undefined;
  });

  function start(handler: RequestListener): Promise<Listening> {
    return listen(handler, { host: '127.0.0.1', port: 0, portAdvice: '' });
  }
  async function client({ port }: Listening, bytes: string): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (bytes) socket.write(bytes);
    return socket.resume();
  }
  const stopTime = () => (clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));

  it('says on each answer from drain() on that it is the last, and goes on answering', async () => {
    const requests = new EventEmitter();
    const server = await start((req, res) => {
      if (req.url === '/slow') requests.emit('slow', res);
      else res.end();
    });
    const arrived = once(requests, 'slow') as Promise<[ServerResponse]>;
    const slow = fetch(`${server.url}/slow`);
    expect((await fetch(server.url)).headers.get('connection')).to.equal('keep-alive');
    const [waiting] = await arrived;
    server.drain();
    expect((await fetch(server.url)).headers.get('connection')).to.equal('close');
    waiting.end();
    expect((await slow).headers.get('connection')).to.equal('close');
    await server.close();
  });

  for (const [who, bytes] of Object.entries({
    'says nothing': '',
    'stops within its headers': 'GET / HTTP/1.1\r\nHost: x\r\n',
    'stops within its body': 'POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf',
  })) {
    it(`does not wait for a client that ${who}`, async () => {
      const requests = new EventEmitter();
      const server = await start((req, res) => {
        if (req.url === '/read') requests.emit('read', req.resume());
        else res.end();
      });
      const arrived = once(requests, 'read');
      const socket = await client(server, bytes);
      // Connections are taken in the order in which they were made; of bytes only the request tells that they came.
      await (await fetch(server.url)).text();
      if (bytes.startsWith('POST')) await arrived;
      stopTime();
      const closed = server.close();
      clock?.tick(1_000);
      clock?.restore();
      // With an error, where it had bytes left to read.
      await Promise.all([closed, socket.closed || new Promise((resolve) => socket.once('close', resolve))]);
    });
  }

  it('lets a whole request finish, for 8 s and no longer', async () => {
    const requests = new EventEmitter();
    const server = await start((req) => void requests.emit('request', req));
    const arrived = once(requests, 'request');
    const socket = await client(server, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived;
    stopTime();
    const closed = server.close();
    clock?.tick(7_999);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(socket.closed).to.equal(false);
    clock?.tick(1);
    clock?.restore();
    await closed;
  });
});
