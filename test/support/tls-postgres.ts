import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TLSSocket } from 'node:tls';
import { testCertificate } from './smtp-certificate.js';

export const certificates = {
  /** For `localhost`, self-signed, good for a hundred years. */
  good: testCertificate,
  /** The same, until 2021. Its key protects nothing. */
  expired: {
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKL8h2Nmj1+8QoOyG
nHKbquTzI7QzMrv8/AbI0fL/nNOhRANCAASpmxVFGpeKdAuyhxKU4pHD8NrlA+Jv
eKATYMnZ0B7ttj6/VzFb3Ogje1YR4hByGDj72BN5b6kB2LNJLlxdeyqw
-----END PRIVATE KEY-----`,
    cert: `-----BEGIN CERTIFICATE-----
MIIBXzCCAQWgAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAls
b2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASpmxVFGpeKdAuyhxKU
4pHD8NrlA+JveKATYMnZ0B7ttj6/VzFb3Ogje1YR4hByGDj72BN5b6kB2LNJLlxd
eyqwo0gwRjAUBgNVHREEDTALgglsb2NhbGhvc3QwDwYDVR0TAQH/BAUwAwEB/zAd
BgNVHQ4EFgQUT63woFHugAMyb4BTVz9El6QS/+8wCgYIKoZIzj0EAwIDSAAwRQIg
FAUZM7tywaa0RKA1o5j+DTCQCffnd9G0OTMpRbz3kzUCIQDAc8oN2Jsr/B6Bp5Ma
Vqh+RJRU0x95UfzD4I+7mVFeGg==
-----END CERTIFICATE-----`,
  },
};

export interface TlsPostgres {
  port: number;
  /** A file with the certificate: what `sslrootcert` names. */
  root: string;
  close(): Promise<void>;
}

/** Shakes hands as a PostgreSQL with this certificate would, and hangs up after it. */
export async function startTlsPostgres(certificate: { key: string; cert: string }): Promise<TlsPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tls-postgres-'));
  const root = path.join(folder, 'root.pem');
  await writeFile(root, certificate.cert);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    // SSLRequest (PostgreSQL's protocol, "SSL Session Encryption"): yes.
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, ...certificate });
      secure.on('error', () => {});
      secure.once('data', () => secure.destroy());
    });
  }).listen(0);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    root,
    async close() {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
