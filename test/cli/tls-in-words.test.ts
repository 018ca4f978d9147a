import { writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { checkConnection } from '../../src/cli/doctor/check-connection.js';
import { tlsInWords } from '../../src/cli/tls-in-words.js';
import { certificates, startTlsPostgres, type TlsPostgres } from '../support/tls-postgres.js';
import { runCli } from './run-cli.js';

describe('what the command line says of a certificate of the database', () => {
  let good: TlsPostgres;
  let expired: TlsPostgres;
  before(async () => {
    good = await startTlsPostgres(certificates.good);
    expired = await startTlsPostgres(certificates.expired);
  });
  after(() => Promise.all([good.close(), expired.close()]));

  const cases: [string, () => string, RegExp, RegExp][] = [
    [
      'that nobody we trust has signed',
      () => `localhost:${good.port}/db?sslmode=verify-full`,
      /signed by nobody that this machine trusts \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
      /sslmode=verify-full&sslrootcert=\/path\/to\/ca\.pem/,
    ],
    [
      'that another CA has signed',
      () => `localhost:${good.port}/db?sslmode=verify-full&sslrootcert=${expired.root}`,
      /signed by nobody that this machine trusts/,
      /sslrootcert=/,
    ],
    [
      'of another host',
      () => `127.0.0.1:${good.port}/db?sslmode=verify-full&sslrootcert=${good.root}`,
      /is for another host: .*127\.0\.0\.1/,
      /name the host in DATABASE_URL as the certificate does/i,
    ],
    [
      'that has expired',
      () => `localhost:${expired.port}/db?sslmode=verify-full&sslrootcert=${expired.root}`,
      /has expired \(CERT_HAS_EXPIRED\)/,
      /Renew it on the server/,
    ],
    [
      'that cannot be read',
      () =>
        `localhost:${good.port}/db?sslmode=verify-full&sslcert=${good.root}.none&sslkey=${good.root}.none`,
      /certificate or a key in DATABASE_URL cannot be used/,
      /PEM/,
    ],
  ];
  for (const [what, place, message, advice] of cases) {
    it(`says what to do about one ${what}, in doctor and in every command`, async () => {
      await writeFile(`${good.root}.none`, 'no certificate');
      const url = `postgres://u:geheim@${place()}`;
      const [finding] = await checkConnection(url);
      expect(finding).to.include({ check: 'database', status: 'fail' });
      expect(finding!.message).to.match(message);
      expect(finding!.advice).to.match(advice);
      const { code, stderr } = await runCli(['users', 'list'], { env: { DATABASE_URL: url } });
      expect(code).to.equal(4);
      expect(stderr).to.match(message).and.match(advice).and.not.contain('geheim');
    });
  }

  it('connects with a certificate that is in order', async () => {
    const url = `postgres://u@localhost:${good.port}/db?sslmode=verify-full&sslrootcert=${good.root}`;
    expect((await checkConnection(url))[0]!.message).to.match(/terminated/i);
  });

  for (const [code, message, said] of [
    ['CERT_NOT_YET_VALID', 'certificate is not yet valid', /not valid yet/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify', /signed by nobody/],
    ['EPROTO', 'write EPROTO … tlsv13 alert certificate required', /handshake/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'alert protocol version', /handshake/],
    [undefined, 'The server does not support SSL connections', /does not support SSL/],
    [
      '28000',
      'no pg_hba.conf entry for host "10.0.0.1", user "u", database "d", no encryption',
      /asks for TLS/,
    ],
    ['28000', 'connection requires a valid client certificate', /client certificate/],
  ] as const) {
    it(`has words for ${message}`, () => expect(tlsInWords(code, message)?.message).to.match(said));
  }

  for (const [code, message] of [
    ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'],
    ['28000', 'role "u" does not exist'],
    [undefined, 'Connection terminated unexpectedly'],
  ] as const) {
    it(`has none for ${message}`, () => expect(tlsInWords(code, message)).to.equal(undefined));
  }
});
