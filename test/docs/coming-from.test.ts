import { execFile } from 'node:child_process';
import { createHash, pbkdf2Sync, scryptSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import bcrypt from 'bcrypt';
import { expect } from 'chai';
import pg from 'pg';
import { readImport } from '../../src/seed/read-import.js';
import type { ForeignHashes } from '../../src/passwords/foreign-hashes.js';
import { createMigratedInstance } from '../fluentmeet/test-instance.js';
import { createDatabase } from '../support/postgres.js';
import { isRequired, skipFor } from '../support/skip.js';
import { madeByDjango } from '../passwords/django-hashes.js';

const password = 'Pässword of mine';
const hash = bcrypt.hashSync(password, 4);

/** The tables of the others, as far as the queries go: Ada's row each, and rows that stay behind. */
const tables: Readonly<Record<string, string>> = {
  'better-auth': `
    create table "user" (id text, email text, name text, "emailVerified" boolean);
    create table account ("userId" text, "providerId" text, password text);
    insert into "user" values ('1', 'ada@example.com', 'Ada Lovelace', true), ('2', 'google@example.com', 'G', true);
    insert into account values ('1', 'credential', '${hash}'), ('2', 'google', null)`,
  'Supabase Auth': `
    create schema auth;
    create table auth.users (email text, encrypted_password text, raw_user_meta_data jsonb, email_confirmed_at timestamptz,
      banned_until timestamptz, deleted_at timestamptz);
    insert into auth.users values
      ('ada@example.com', '${hash}', '{"full_name": "", "name": "Ada Lovelace"}', now(), null, null),
      ('banned@example.com', '${hash}', null, now(), now() + interval '1 day', null),
      ('back@example.com', '${hash}', null, now(), now() - interval '1 day', null),
      (null, '${hash}', null, null, null, null), ('', '${hash}', null, null, null, null),
      ('google@example.com', '', null, now(), null, null), ('gone@example.com', '${hash}', null, now(), null, now())`,
  Devise: `
    create table users (email text, encrypted_password text, confirmed_at timestamp);
    insert into users values ('ada@example.com', '${hash}', now()), ('google@example.com', '', now())`,
  Laravel: `
    create table users (id int, name text, email text, email_verified_at timestamp, password text);
    insert into users values (1, 'Ada Lovelace', 'ada@example.com', now(), '${hash}'), (2, 'G', 'google@example.com', now(), null),
      (3, 'P', 'phone@example.com', now(), ''), (4, 'N', '', null, '${hash}')`,
  Django: `
    create table auth_user (id int, email text, password text, first_name text, last_name text, is_active boolean,
      last_login timestamptz);
    create table account_emailaddress (user_id int, email text, verified boolean, "primary" boolean);
    insert into auth_user values (1, 'ada@example.com', '${hash}', 'Ada', 'Lovelace', true, now()),
      (2, '', '${hash}', '', '', true, null), (3, 'google@example.com', '!unusable', '', '', true, null),
      (4, 'banned@example.com', '${hash}', '', '', false, null)`,
};

/** Who comes along, and whether as active. */
const brought: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  'better-auth': { ada: true },
  'Supabase Auth': { ada: true, banned: false, back: true },
  Devise: { ada: true },
  Laravel: { ada: true },
  Django: { ada: true, banned: false },
};

describe('docs/coming-from.md', () => {
  it('brings with each query those who can be imported, in columns that the import knows', async () => {
    const queries = await blocks('docs/coming-from.md', 'sql');
    const tried = queries.filter(({ section }) => section in tables);
    expect(tried.map(({ section }) => section)).to.deep.equal([...Object.keys(tables), 'Django']);
    for (const { section, code } of tried) {
      const rows = await answerOf(`${tables[section]};${code}`);
      const { users, faults, ignored } = readImport(
        rows.map((row) => JSON.stringify(row)).join('\n'),
        'jsonl',
      );
      expect(faults, section).to.deep.equal([]);
      expect(ignored, section).to.deep.equal([]);
      const active = Object.fromEntries(
        users.map(({ email, is_active }) => [email.split('@')[0], is_active]),
      );
      expect(active, section).to.deep.equal(brought[section]);
      expect(users[0], section).to.include({ email: 'ada@example.com', hashed_password: hash });
      if (section !== 'Devise') expect(users[0], section).to.include({ full_name: 'Ada Lovelace' });
      // Of Django alone nobody knows; with allauth Ada has no row of her address here.
      expect(users[0]?.is_verified, section).to.equal(section !== 'Django');
    }
  });

  it('brings those whom the query would bring from the raw users of Supabase as well', async function () {
    await need(this, 'jq');
    const raw = (await answerOf(
      `${tables['Supabase Auth']}; select jsonb_agg(u) as users from auth.users u`,
    )) as [{ users: object[] }];
    const found = await blocks('docs/coming-from.md', 'sh');
    const { code } = found.find(({ section }) => section === 'Supabase Auth')!;
    const { users, faults } = readImport(
      await outputOf(code, { 'users.json': JSON.stringify(raw[0].users) }, 'users.jsonl'),
      'jsonl',
    );
    expect(faults).to.deep.equal([]);
    expect(
      Object.fromEntries(users.map(({ email, is_active }) => [email.split('@')[0], is_active])),
    ).to.deep.equal(brought['Supabase Auth']);
    expect(users[0]).to.include({ hashed_password: hash, full_name: 'Ada Lovelace', is_verified: true });
    expect(users[1]).to.include({ full_name: null });
  });

  it('proves nobody by a word for null in a file', async function () {
    await need(this, 'sqlite3');
    const inSection = ({ section }: Block) => section === 'Only a file';
    const query = (await blocks('docs/coming-from.md', 'sql')).find(inSection)!.code;
    const { code } = (await blocks('docs/coming-from.md', 'sh')).find(inSection)!;
    const proofs = ['2021-03-14 12:00:00', '', 'NULL', String.raw`\N`, '0000-00-00 00:00:00'];
    const lines = proofs.map((proof, id) => `${id},user${id}@example.com,${hash},NULL,${proof}`);
    const old = ['id,email,password,name,email_verified_at', ...lines, '', `9,last@example.com,${hash},Ada,`];
    const files = { 'old.csv': old.join('\n'), 'query.sql': query };
    const { users, faults } = readImport(await outputOf(code, files, 'users.csv'), 'csv');
    expect(faults).to.deep.equal([]);
    expect(users.map(({ full_name }) => full_name)).to.have.members([null, null, null, null, null, 'Ada']);
    expect(users.filter((user) => user.is_verified).map(({ email }) => email)).to.deep.equal([
      'user0@example.com',
    ]);
  });

  it('takes everybody away with the last query', async () => {
    const { code } = (await blocks('docs/coming-from.md', 'sql')).at(-1)!;
    const host = await createMigratedInstance();
    try {
      await host.register('ada');
      const [ada, ...others] = await answerOf(code, host.url);
      expect(others).to.deep.equal([]);
      expect(ada).to.include({ email: 'ada@example.com', is_active: true });
      expect(ada)
        .to.have.property('hashed_password')
        .that.matches(/^\$2b\$04\$/);
    } finally {
      await host.stop();
    }
  });

  it('has verifiers that read the whole form of a hash, and no other password', async () => {
    process.env['DEVISE_PEPPER'] = 'of Rails';
    const salt = '0123456789abcdef0123456789abcdef';
    const scrypted = scryptSync(password, salt, 64, { N: 16384, r: 16, p: 1, maxmem: 2 ** 26 }).toString(
      'hex',
    );
    const digest = createHash('sha256').update(password).digest('hex');
    const pbkdf2 = `pbkdf2_sha256$1000$salt$${pbkdf2Sync(password, 'salt', 1000, 32, 'sha256').toString('base64')}`;
    const hashes: Readonly<Record<string, readonly string[]>> = {
      'better-auth': [`${salt}:${scrypted}`],
      Devise: [`pepper$${bcrypt.hashSync(`${password}of Rails`, 4).replace('$2b$', '$2a$')}`],
      Django: [pbkdf2, `bcrypt_sha256$${bcrypt.hashSync(digest, 4)}`],
      'Hashes of another system': [pbkdf2],
    };
    const verifiers = [
      ...(await verifiersOf('docs/coming-from.md')),
      ...(await verifiersOf('docs/embedding.md')),
    ];
    expect(verifiers.map(({ section }) => section)).to.deep.equal(Object.keys(hashes));
    for (const { section, foreignHashes } of verifiers) {
      for (const given of hashes[section]!) {
        expect(foreignHashes.reads(given), given).to.equal(true);
        expect(await foreignHashes.verify(password, given), given).to.equal(true);
        expect(await foreignHashes.verify(`${password}!`, given), given).to.equal(false);
        expect(foreignHashes.reads(given.slice(0, -1)), `${given}, cut`).to.equal(false);
        expect(foreignHashes.reads(`${given}A`), `${given}, and more`).to.equal(false);
      }
      expect(foreignHashes.reads('argon2$argon2id$v=19'), section).to.equal(false);
    }
    const django = verifiers.at(-1)!.foreignHashes;
    expect(django.reads(madeByDjango.pbkdf2)).to.equal(true);
    expect(await django.verify(madeByDjango.password, madeByDjango.pbkdf2)).to.equal(true);
  });
});

interface Block {
  section: string;
  code: string;
}

async function blocks(page: string, language: string): Promise<Block[]> {
  const found: Block[] = [];
  let section = '';
  const text = await readFile(page, 'utf8');
  for (const [, heading, kind, code = ''] of text.matchAll(/^## ([^\n]+)$|^```(\w+)\n(.*?)^```$/gms)) {
    section = heading ?? section;
    if (kind === language) found.push({ section, code });
  }
  return found;
}

async function need(context: Mocha.Context, program: string): Promise<void> {
  const found = await promisify(execFile)('which', [program]).catch(() => undefined);
  if (found) return;
  if (isRequired()) throw new Error(`${program} is not installed`);
  skipFor(context, `${program} is not installed`);
}

/** What the script of the page writes, in a folder with these files. */
async function outputOf(
  script: string,
  files: Readonly<Record<string, string>>,
  output: string,
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'coming-from-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
    await promisify(execFile)('sh', ['-c', script], { cwd: folder });
    return await readFile(path.join(folder, output), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function answerOf(statements: string, url?: string): Promise<object[]> {
  const own = url === undefined ? await createDatabase() : undefined;
  const client = new pg.Client({ connectionString: url ?? own?.url });
  await client.connect();
  try {
    const answers = (await client.query(statements)) as pg.QueryResult | pg.QueryResult[];
    return [answers].flat().at(-1)?.rows as object[];
  } finally {
    await client.end();
    await own?.drop();
  }
}

/** As a host would run them. */
async function verifiersOf(page: string): Promise<{ section: string; foreignHashes: ForeignHashes }[]> {
  const cache = path.resolve('.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'verifiers-'));
  try {
    const snippets = (await blocks(page, 'ts')).filter(({ code }) => code.includes('foreignHashes: {'));
    return await Promise.all(
      snippets.map(async ({ section, code }, index) => {
        const file = path.join(folder, `${index}.mjs`);
        const options = code.replace(/^ *…,\n/m, '').replace('createFluentMeet(', 'export default (');
        await writeFile(file, options);
        const module = (await import(file)) as { default: { foreignHashes: ForeignHashes } };
        return { section, foreignHashes: module.default.foreignHashes };
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
