import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { clientSettings } from '../../src/database/connection-string.js';

describe('a connection string', () => {
  for (const [url, settings] of [
    [
      'postgres://postgres@/db?host=/socket/folder',
      { user: 'postgres', host: '/socket/folder', database: 'db' },
    ],
    ['postgres://%2Fvar%2Frun/db', { host: '/var/run', database: 'db' }],
    [
      'postgresql://app:p%25ss@db.example.com:5433/app',
      { password: 'p%ss', host: 'db.example.com', port: 5433 },
    ],
    ['postgres://app:p%40%2F%3A%23%3Fss@h/d', { password: 'p@/:#?ss', host: 'h' }],
    [
      'postgres://h/d?user=u&password=p&application_name=mine',
      { user: 'u', password: 'p', application_name: 'mine' },
    ],
    ['postgres://u@[::1]:5432/d%C3%A9', { host: '::1', database: 'dé' }],
    ['postgres://h/d?sslmode=disable', { ssl: false }],
    ['postgres://h/d?sslmode=verify-full', { ssl: {} }],
    ['postgres://h/d?sslmode=require', { ssl: {} }],
    ['postgres://h/d?a=b&sslmode=verify-ca', { ssl: {} }],
    ['postgres://h/d?sslrootcert=system', { ssl: {} }],
    ['postgres://h/d?ssl=true', { ssl: true }],
    ['postgres://h/d?ssl=false&options=-c%20a.b%3D1&channel_binding=prefer&schema=s', { host: 'h' }],
    ['postgres://h/d?sslmode=disable&sslaccept=strict', { ssl: false }],
    ['postgres://h/d?sslmode=no-verify', { ssl: { rejectUnauthorized: false } }],
    ['postgres://h/d?sslmode=require&uselibpqcompat=true', { ssl: { rejectUnauthorized: false } }],
  ] as const) {
    it(`is read as libpq would: ${url}`, () => {
      expect(JSON.parse(JSON.stringify(clientSettings(url)))).to.deep.include(settings);
    });
  }

  it('brings its own certificate authority', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-ca-'));
    const file = path.join(folder, 'ca.pem');
    await writeFile(file, 'a certificate');
    const { ssl } = clientSettings(`postgres://h/d?sslmode=verify-full&sslrootcert=${file}`);
    expect({ ...(ssl as object) }).to.deep.equal({ ca: 'a certificate' });
    await rm(folder, { recursive: true });
  });

  it('has no say in how long a statement may take: that is databaseQueryTimeout', () => {
    const limits = 'statement_timeout=1&lock_timeout=1&idle_in_transaction_session_timeout=1&query_timeout=1';
    expect(clientSettings(`postgres://h/d?${limits}`)).not.to.have.any.keys(
      'statement_timeout',
      'lock_timeout',
      'idle_in_transaction_session_timeout',
      'query_timeout',
    );
  });

  for (const [url, what] of [
    ['mysql://h/d', /must be a postgres:\/\/ connection string/],
    ['h:5432/d', /must be a postgres:\/\/ connection string/],
    ['', /must be a postgres:\/\/ connection string/],
    ['postgres://app:p%geheim@h/d', /percent-encod/],
    ['postgres://app:geheim%@h/d', /percent-encod/],
    ['postgres://app:geheim%ff@h/d', /percent-encod/],
    ['postgres://app:geheim#1@h/d', /percent-encode.*%23 for #/],
    ['postgres://app:geheim/1@h/d', /percent-encode.*%2F for \//],
    ['postgres://geheim:1,other:2/d', /one host/],
    ['postgres://h/d?port=geheim', /port that is a number/],
    ['postgres://h/d?sslmode=prefer&password=geheim', /sslmode of disable, require/],
    ['postgres://h/d?sslmode=verifyfull&password=geheim', /sslmode of disable, require/],
    ...['sslmod=require', 'ssl_mode=require', 'SSLMODE=require', 'slmode=require', 'tls=true'].map(
      (slip) => [`postgres://h/d?${slip}&password=geheim`, /sounds of TLS.*sslmode=verify-full/] as const,
    ),
    ['postgres://h/d?ssl=on&password=geheim', /sounds of TLS/],
    ['postgres://h/d?ssl=no-verify', /sounds of TLS/],
    ['postgres://h/d?sslmode=verify-full&sslrootcert=/geheim/none.pem', /cannot be read \(ENOENT\)/],
  ] as const) {
    it(`says what is wrong with ${url || 'nothing'}, and repeats nothing of it`, () => {
      expect(() => clientSettings(url))
        .to.throw(what)
        .with.property('message')
        .that.does.not.include('geheim');
    });
  }
});
