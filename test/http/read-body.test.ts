import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import express, { type RequestHandler } from 'express';
import type { HttpRequest } from '../../src/http/http-request.js';
import { readBody } from '../../src/http/read-body.js';
import { until } from '../fluentmeet/test-instance.js';
import {
  errorBody,
  type ExpressVersion,
  expressVersions,
  freshAddress,
  type Host,
  migratedDatabase,
  password,
  startHost,
  stopAll,
} from './test-host.js';
import { inTime } from '../support/in-time.js';

const invalidJson = errorBody('INVALID_JSON', 'The request body is not valid JSON.');
const tooLarge = errorBody('PAYLOAD_TOO_LARGE', 'The request body is larger than 32 kB.');
const notUtf8 = errorBody('UNSUPPORTED_MEDIA_TYPE', 'The request body must be text in UTF-8.');
const notJson = errorBody(
  'UNSUPPORTED_MEDIA_TYPE',
  'Send the body as JSON, with the content type application/json.',
);

interface Sent {
  body?: string | Uint8Array | ReadableStream;
  headers?: Record<string, string>;
}

function post(host: Host, { body, headers = {} }: Sent): Promise<Response> {
  return fetch(`${host.url}/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body, duplex: 'half' }),
  });
}

async function answer(response: Response) {
  return { status: response.status, body: await response.json() };
}

function person(extra: object = {}): string {
  return JSON.stringify({ email: freshAddress(), password, ...extra });
}

function stream(...chunks: Uint8Array[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

/** JSON of a person whose password holds a byte that is not UTF-8. */
function brokenPerson(): Buffer {
  const [before, after] = person().split('MyStr0ng') as [string, string];
  return Buffer.concat([Buffer.from(`${before}MyStr0ng`), Buffer.from([0xff]), Buffer.from(after)]);
}

for (const version of Object.keys(expressVersions) as ExpressVersion[]) {
  const { json, text, raw, urlencoded } = expressVersions[version];
  const hosts: Record<string, RequestHandler[]> = {
    'no parser': [],
    'express.json()': [json()],
    'express.json() of 1 MB': [json({ limit: '1mb', strict: false })],
    'express.text() of everything': [text({ type: '*/*', limit: '1mb' })],
    'express.raw() of everything': [raw({ type: '*/*', limit: '1mb' })],
    'express.urlencoded() and express.json()': [urlencoded({ extended: true }), json()],
  };

  for (const [name, parsers] of Object.entries(hosts)) {
    describe(`the body of a signup, ${version}, host with ${name}`, () => {
      let host: Host;
      const ownErrors = !/json/.test(name);
      const lenient = name.includes('1 MB');

      before(async () => {
        host = await startHost(await migratedDatabase(), { version, before: parsers });
      });
      after(stopAll);

      it('is read', async () => {
        expect((await post(host, { body: person({ full_name: 'Zoë 🦊' }) })).status).to.equal(201);
      });

      it('is read in chunks', async () => {
        const bytes = Buffer.from(person({ full_name: 'Zoë 🦊' }));
        const at = bytes.indexOf('🦊') + 2;
        const response = await post(host, { body: stream(bytes.subarray(0, at), bytes.subarray(at)) });
        expect(await response.json()).to.include({ full_name: 'Zoë 🦊' });
      });

      it('is inflated', async () => {
        const encodings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
        for (const [encoding, deflate] of Object.entries(encodings)) {
          if (version === 'Express 4' && encoding === 'br' && name !== 'no parser') continue; // body-parser 1 has none
          const response = await post(host, {
            body: deflate(person()),
            headers: { 'content-encoding': encoding },
          });
          expect(response.status, encoding).to.equal(201);
        }
      });

      it('takes utf-8 in its spellings', async () => {
        for (const type of [
          'application/json; charset=utf-8',
          'Application/JSON;charset="UTF-8"',
          'application/json ; charset=utf-8; x=y',
        ]) {
          expect(
            (await post(host, { body: person(), headers: { 'content-type': type } })).status,
            type,
          ).to.equal(201);
        }
      });

      it('is empty: 400 INVALID_JSON', async () => {
        for (const sent of [{}, { body: '' }]) {
          expect(await answer(await post(host, sent))).to.deep.equal({ status: 400, body: invalidJson });
        }
      });

      it('is not JSON by its type: 415', async () => {
        for (const type of [
          'text/plain',
          'multipart/form-data; boundary=x',
          'application/x-www-form-urlencoded',
        ]) {
          const response = await post(host, { body: 'a=b', headers: { 'content-type': type } });
          expect(await answer(response), type).to.deep.equal({ status: 415, body: notJson });
        }
      });

      it('has no type: 415', async () => {
        const body = Buffer.from(person());
        const response = await fetch(`${host.url}/signup`, { method: 'POST', body });
        expect(await answer(response)).to.deep.equal({ status: 415, body: notJson });
      });

      if (ownErrors) {
        it('does not parse: 400 INVALID_JSON, and echoes nothing', async () => {
          for (const body of ['{', '{"password":"MyStr0ng', 'undefined', "{'a':1}"]) {
            expect(await answer(await post(host, { body }))).to.deep.equal({
              status: 400,
              body: invalidJson,
            });
          }
          expect(host.lines).to.not.include.members([{ level: 'error' }]);
        });

        it('is text in another charset: 415', async () => {
          for (const charset of ['iso-8859-1', 'utf-16', '"utf-16le"']) {
            const headers = { 'content-type': `application/json; charset=${charset}` };
            const response = await post(host, { body: person(), headers });
            // A host's text parser refuses what it does not know by itself.
            if (response.status === 418) continue;
            expect(await answer(response), charset).to.deep.equal({ status: 415, body: notUtf8 });
          }
        });
      }

      it('is not valid UTF-8: 415, and no password with U+FFFD is stored', async () => {
        const response = await post(host, { body: brokenPerson() });
        expect(await answer(response)).to.deep.equal({ status: 415, body: notUtf8 });
      });

      if (ownErrors || lenient) {
        it('is larger than 32 kB: 413, also inflated or in chunks', async () => {
          const large = person({ more: 'x'.repeat(33_000) });
          const sents: Sent[] = [
            { body: large },
            { body: stream(Buffer.from(large)) },
            { body: gzipSync(large), headers: { 'content-encoding': 'gzip' } },
            { body: person({ more: 'x'.repeat(900_000) }) },
          ];
          for (const sent of sents) {
            expect(await answer(await post(host, sent))).to.deep.equal({ status: 413, body: tooLarge });
          }
        });

        it('is 32 kB: read', async () => {
          const bare = person({ more: '' });
          const body = bare.replace('"more":""', `"more":"${'x'.repeat(32_768 - bare.length)}"`);
          expect(Buffer.byteLength(body)).to.equal(32_768);
          expect((await post(host, { body })).status).to.equal(201);
        });

        it('has the longest password, every character escaped: read', async () => {
          const body = person({ password: 'P' }).replace('"P"', `"${'\\ud83d\\ude00'.repeat(1000)}"`);
          expect((await post(host, { body })).status).to.equal(201);
        });
      }
    });
  }
}

describe('a form', () => {
  const read = (body: string) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
    };
    // As express.text() leaves it.
    return readBody({ headers, httpVersionMajor: 1, readableEnded: true, body } as unknown as HttpRequest, [
      'form',
    ]);
  };

  it('has each field as it was sent, in its order, and all that was sent for one', async () => {
    const fields = await read('b=1&a=%C3%A9+&b=2&c&__proto__=x&b=3');
    expect(Object.entries(fields as object)).to.deep.equal([
      ['b', ['1', '2', '3']],
      ['a', 'é '],
      ['c', ''],
      ['__proto__', 'x'],
    ]);
  });

  it('has a hundred fields at most', async () => {
    expect(await read('a&'.repeat(99) + 'a')).to.deep.equal({ a: Array.from({ length: 100 }, () => '') });
    const error = await read('a&'.repeat(100) + 'a').catch((thrown: unknown) => thrown);
    expect(error).to.include({
      code: 'PAYLOAD_TOO_LARGE',
      message: 'The form has more than 100 fields.',
    });
  });
});

describe('the body of a signup', () => {
  let host: Host;

  before(async () => {
    host = await startHost(await migratedDatabase());
  });
  after(stopAll);

  it('is broken gzip: 400 INVALID_JSON', async () => {
    const whole = gzipSync(person());
    for (const body of [Buffer.from('no gzip at all'), whole.subarray(0, whole.length - 12)]) {
      const response = await post(host, { body, headers: { 'content-encoding': 'gzip' } });
      expect(await answer(response)).to.deep.equal({ status: 400, body: invalidJson });
    }
  });

  it('is encoded in a way nobody knows: 415', async () => {
    for (const encoding of ['compress', 'gzip, gzip', 'x']) {
      const response = await post(host, { body: person(), headers: { 'content-encoding': encoding } });
      expect(response.status).to.equal(415);
      expect(await response.json()).to.include({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    }
  });

  it('is a bomb: 413, at once', async () => {
    const bomb = gzipSync(Buffer.alloc(9_000_000));
    expect(bomb.length).to.be.lessThan(32_768);
    const response = await inTime(500, () =>
      post(host, { body: bomb, headers: { 'content-encoding': 'gzip' } }),
    );
    expect(response.status).to.equal(413);
  });

  it('never ends: 413 at once, and the connection is cut after 1 MB', async () => {
    const { port } = host.server.address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    let received = '';
    let closed = false;
    socket.on('data', (chunk) => (received += String(chunk)));
    socket.on('error', () => undefined);
    socket.on('close', () => (closed = true));
    socket.write(
      'POST /api/v1/auth/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    for (let sent = 0; sent < 200 && !closed; sent++) {
      socket.write(chunk);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => closed, 'the connection was cut');
    expect(received).to.match(/^HTTP\/1\.1 413 /);
  });

  it('breaks off: nothing loud is logged, and nobody is signed up', async () => {
    const quiet = await startHost(await migratedDatabase());
    const { port } = quiet.server.address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'POST /api/v1/auth/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"email"',
    );
    await once(quiet.server, 'request');
    socket.destroy();
    await until(() => quiet.lines.length > 0, 'the end of it was logged');
    expect(quiet.lines.map(({ level, event }) => [level, event])).to.deep.equal([
      ['debug', 'http.client-gone'],
    ]);
  });

  it("is the host's to refuse where the host parses: its errors stay its own", async () => {
    const strict = await startHost(await migratedDatabase(), { before: [express.json()] });
    const response = await post(strict, { body: '{' });
    expect(response.status).to.equal(418);
    expect(await response.text()).to.match(/^host: /);
  });

  it('is never logged', () => {
    expect(JSON.stringify(host.lines)).not.to.match(/MyStr0ng/);
  });
});
