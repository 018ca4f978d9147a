import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { readImport } from '../../src/seed/read-import.js';
import { djangoHashes, madeByDjango } from '../passwords/django-hashes.js';

const hash = bcrypt.hashSync('a quiet lighthouse keeper', 4);

describe('readImport', () => {
  it('reads both formats alike, in canonical form', () => {
    const csv = `email,full_name,hashed_password,is_verified\r\n ADA@Example.com,"Lovelace, ""Ada""",${hash},true\r\n\r\ngrace@example.com,,${hash.replace('$2b$', '$2y$')},`;
    const { users, faults } = readImport(csv, 'csv');
    expect(faults).to.deep.equal([]);
    expect(users).to.deep.equal([
      {
        email: 'ada@example.com',
        full_name: 'Lovelace, "Ada"',
        hashed_password: hash,
        speaking_language: 'en',
        listening_language: 'en',
        is_active: true,
        is_verified: true,
      },
      {
        email: 'grace@example.com',
        full_name: null,
        hashed_password: hash.replace('$2b$', '$2y$'),
        speaking_language: 'en',
        listening_language: 'en',
        is_active: true,
        is_verified: false,
      },
    ]);
    const jsonl = users.map((user) => JSON.stringify(user)).join('\n');
    expect(readImport(jsonl, 'jsonl')).to.deep.equal({
      refused: undefined,
      lines: 2,
      longest: undefined,
      users,
      lineOf: new Map([
        ['ada@example.com', 1],
        ['grace@example.com', 2],
      ]),
      faults: [],
      foreign: new Set(),
      ignored: [],
    });
  });

  it('counts the hashes that only the host reads', () => {
    const lines = [madeByDjango.pbkdf2, hash, madeByDjango.scrypt].map((hashed_password, index) =>
      JSON.stringify({ email: `user${index}@example.com`, hashed_password }),
    );
    const read = readImport(lines.join('\n'), 'jsonl', djangoHashes);
    expect(read.faults).to.deep.equal([]);
    expect(read.foreign.size).to.equal(2);
    expect(readImport(lines.join('\n'), 'jsonl').faults.map(({ line }) => line)).to.deep.equal([1, 3]);
  });

  it('finds every fault of every line, by its number', () => {
    const lines = [
      { email: 'ada@example.com', hashed_password: hash },
      { email: 'nobody', hashed_password: 'plain', full_name: 'http://evil.example', is_verified: 'perhaps' },
      'not json',
      '',
      { email: 'ADA@example.com', hashed_password: hash },
      { email: 'bob@example.com', hashed_password: hash, full_name: 7, listening_language: {} },
      { email: 'eve@example.com', hashed_password: hash.replace('$04$', '$16$'), speaking_language: 'xx' },
    ];
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const { users, faults } = readImport(text, 'jsonl');
    expect(users).to.have.lengthOf(1);
    expect(faults.map(({ line, field }) => `${line} ${field}`)).to.deep.equal([
      '2 email',
      '2 hashed_password',
      '2 full_name',
      '2 is_verified',
      '3 ',
      '5 email',
      '6 full_name',
      '6 listening_language',
      '7 hashed_password',
      '7 speaking_language',
    ]);
  });

  it('takes a boolean as databases and spreadsheets write it', () => {
    const csv = ['true', 't', '1', 'TRUE', 'false', 'f', '0', 'FALSE', '', 'yes']
      .map((verified, index) => `user${index}@example.com,${hash},${verified}`)
      .join('\n');
    const { users, faults } = readImport(`email,hashed_password,is_verified\n${csv}`, 'csv');
    expect(users.map((user) => user.is_verified)).to.deep.equal([
      ...Array.from({ length: 4 }, () => true),
      ...Array.from({ length: 5 }, () => false),
    ]);
    expect(faults.map(({ line, code }) => [line, code])).to.deep.equal([[11, 'NOT_BOOLEAN']]);
    const { users: numbers } = readImport(
      JSON.stringify({ email: 'a@example.com', hashed_password: hash, is_verified: 1 }),
      'jsonl',
    );
    expect(numbers[0]?.is_verified).to.equal(true);
  });

  it('takes nobody whose name or language is what a database writes for null', () => {
    const csv = ['NULL', String.raw`\N`, ' NULL ', 'Null', 'Null Island', '']
      .map((name, index) => `user${index}@example.com,${hash},${name},en,en`)
      .join('\n');
    const header = 'email,hashed_password,full_name,speaking_language,listening_language';
    const { users, faults } = readImport(`${header}\n${csv}\na@example.com,${hash},A,NULL,NULL`, 'csv');
    expect(users.map((user) => user.full_name)).to.deep.equal(['Null', 'Null Island', null]);
    expect(faults.map(({ line, field, code }) => [line, field, code])).to.deep.equal([
      [2, 'full_name', 'NULL_AS_TEXT'],
      [3, 'full_name', 'NULL_AS_TEXT'],
      [4, 'full_name', 'NULL_AS_TEXT'],
      [8, 'speaking_language', 'NULL_AS_TEXT'],
      [8, 'listening_language', 'NULL_AS_TEXT'],
    ]);
  });

  it('takes a word of who is active, and no empty one', () => {
    const csv = ['true', 'f', '0', '', 'banned']
      .map((active, index) => `user${index}@example.com,${hash},${active}`)
      .join('\n');
    const { users, faults } = readImport(`email,hashed_password,is_active\n${csv}`, 'csv');
    expect(users.map((user) => user.is_active)).to.deep.equal([true, false, false]);
    expect(faults.map(({ line, field, code }) => [line, field, code])).to.deep.equal([
      [5, 'is_active', 'NOT_BOOLEAN'],
      [6, 'is_active', 'NOT_BOOLEAN'],
    ]);
  });

  it('names the line that has an address first, and the columns that it leaves out', () => {
    const csv = `id,email,hashed_password,fullname\n7,ada@example.com,${hash},Ada\n8,bob@example.com,${hash},Bob\n9,ADA@example.com,${hash},Ada`;
    const { users, faults, ignored } = readImport(csv, 'csv');
    expect(users).to.have.lengthOf(2);
    expect(faults).to.deep.equal([{ line: 4, field: 'email', code: 'EMAIL_TWICE', earlier: 2 }]);
    expect(ignored).to.deep.equal(['id', 'fullname']);
  });

  it('refuses a file without the columns, once', () => {
    const lines = `ada@example.com,${hash}\nbob@example.com,${hash}`;
    for (const [header, field] of [
      ['email,encrypted_password', 'hashed_password'],
      ['mail,hashed_password', 'email'],
      ['email;hashed_password', ''],
      [`eve@example.com,${hash}`, ''],
    ]) {
      const { users, faults, refused } = readImport(`${header}\n${lines}`, 'csv');
      expect({ users, faults, refused }, header).to.deep.equal({
        users: [],
        faults: [],
        refused: { line: 1, field, code: 'COLUMNS_MISSING' },
      });
    }
    const twice = readImport(`email,hashed_password,EMAIL\n${lines}`, 'csv');
    expect(twice.refused).to.deep.equal({ line: 1, field: 'email', code: 'COLUMN_TWICE' });
    const others = Array.from({ length: 3 }, (_, id) => `{"email":"user${id}@example.com","password":"x"}`);
    expect(readImport(others.join('\n'), 'jsonl').refused).to.include({
      code: 'COLUMNS_MISSING',
      field: 'hashed_password',
    });
    const one = [...others, JSON.stringify({ email: 'ada@example.com', hashed_password: hash })];
    expect(readImport(one.join('\n'), 'jsonl').refused).to.equal(undefined);
  });

  it('refuses a file without users', () => {
    for (const text of ['', '\uFEFF', 'email,hashed_password', 'email,hashed_password\n\n']) {
      expect(readImport(text, 'csv').refused?.code, JSON.stringify(text)).to.equal('NO_USERS');
    }
    expect(readImport('\n', 'jsonl').refused?.code).to.equal('NO_USERS');
  });

  it('takes the names of its columns in any letter case', () => {
    const { users, ignored } = readImport(`Email , HASHED_PASSWORD,Id\nada@example.com,${hash},7`, 'csv');
    expect(users).to.have.lengthOf(1);
    expect(ignored).to.deep.equal(['Id']);
  });

  it('loses nobody to a quote', () => {
    const people = Array.from({ length: 300 }, (_, id) => `user${id}@example.com,Ada ${id},${hash},x`);
    const with100 = (...cells: string[]) =>
      `email,full_name,hashed_password,note\n${people.with(100, cells.join(',')).join('\n')}`;
    for (const name of ['6" Joe', 'Robert "Bob" Smith', 'Bob"']) {
      const { users, refused } = readImport(with100('bob@example.com', name, hash, 'x'), 'csv');
      expect(refused).to.equal(undefined);
      expect(users).to.have.lengthOf(300);
      expect(users[100]?.full_name).to.equal(name);
    }
    for (const cells of [
      ['bob@example.com', '"B', hash, 'x'],
      ['bob@example.com', '"Robert "Bob" Smith"', hash, 'x'],
      ['bob@example.com', 'Bob', hash, '"a\nb", x'],
    ]) {
      const { users, refused } = readImport(with100(...cells), 'csv');
      expect(users).to.deep.equal([]);
      expect(refused?.code).to.equal('QUOTE_NOT_CLOSED');
      expect(refused?.line).to.equal(102);
    }
  });

  it('refuses what a quote has swallowed as far as the next one', () => {
    const lines = [`bob@example.com,"B,${hash}`, `ada@example.com,Ada,${hash}`, `eve@example.com,6",${hash}`];
    const { users, refused } = readImport(`email,full_name,hashed_password\n${lines.join('\n')}`, 'csv');
    expect(users).to.deep.equal([]);
    expect(refused).to.include({ line: 2, code: 'QUOTE_NOT_CLOSED' });
    const more = lines.with(2, `eve@example.com,6",${hash},more`);
    expect(readImport(`email,full_name,hashed_password\n${more.join('\n')}`, 'csv').refused).to.include({
      line: 2,
      code: 'QUOTE_NOT_CLOSED',
    });
  });

  it('takes a break within a name for a fault of its line: no other line can lie in it', () => {
    const lines = (name: string) =>
      `email,full_name,hashed_password\nbob@example.com,${name},${hash}\nada@example.com,Ada,${hash}`;
    for (const name of ['"Bob\r\nSmith"', '"Smith, Bob\nJr."']) {
      const { users, faults, refused } = readImport(lines(name), 'csv');
      expect(refused).to.equal(undefined);
      expect(faults).to.deep.equal([{ line: 2, field: 'full_name', code: 'FULL_NAME_HOLDS_CONTROLS' }]);
      expect(users.map(({ email }) => email)).to.deep.equal(['ada@example.com']);
    }
    expect(readImport(lines('"Bob\n"'), 'csv').users[0]?.full_name).to.equal('Bob');
    // At the end of a line, so that what it swallows begins with the break.
    const open = `email,hashed_password,full_name\nbob@example.com,${hash},"\nada@example.com,${hash},"\neve@example.com,${hash},Eve`;
    expect(readImport(open, 'csv').refused).to.include({ line: 2, code: 'QUOTE_NOT_CLOSED' });
  });

  it('counts lines over breaks in quotes, whatever system broke them, and names the longest row', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const lines = ['email,hashed_password,note', `a@example.com,${hash},"a`, '', `b"`, `x,${hash},`, ''];
      const read = readImport(lines.join(end), 'csv');
      expect(read.users).to.have.lengthOf(1);
      expect(read.faults.map(({ line }) => line)).to.deep.equal([5]);
      expect(read.lines).to.equal(5);
      expect(read.longest).to.deep.equal({ line: 2, lastLine: 4 });
    }
  });

  it('reads a file that a quote opens and nothing closes, however long', () => {
    const text = `email,hashed_password\n"${`ada@example.com,${hash}\n`.repeat(200_000)}`;
    expect(readImport(text, 'csv').refused).to.include({ line: 2, code: 'QUOTE_NOT_CLOSED' });
  });

  describe('at its edges', () => {
    const person = (email: string, more = {}) => JSON.stringify({ email, hashed_password: hash, ...more });

    it('leaves out a byte-order mark and breaks at the end, which are no lines', () => {
      const read = readImport(`\uFEFF${person('ada@example.com')}\r\n\n\n`, 'jsonl');
      expect(read.users.map(({ email }) => email)).to.deep.equal(['ada@example.com']);
      expect(read.lines).to.equal(1);
      const named = readImport(`\uFEFFemail,hashed_password\nada@example.com,${hash}\n`, 'csv');
      expect(named.users).to.have.lengthOf(1);
      expect(readImport(' \n ', 'jsonl').lines).to.equal(0);
    });

    it('takes for a line only an object', () => {
      const lines = ['null', '[]', '7', '"ada@example.com"', person('ada@example.com'), '{}'];
      const { faults, users } = readImport(lines.join('\n'), 'jsonl');
      expect(users).to.have.lengthOf(1);
      expect(faults.map(({ line, field, code }) => `${line} ${field} ${code}`)).to.deep.equal([
        '1  LINE_NOT_READABLE',
        '2  LINE_NOT_READABLE',
        '3  LINE_NOT_READABLE',
        '4  LINE_NOT_READABLE',
        '6 email EMAIL_MISSING',
        '6 hashed_password HASH_NOT_READABLE',
      ]);
    });

    it('takes a line with more values than columns for a fault of its own, and one with fewer for empty ones', () => {
      const csv = `email,hashed_password,full_name\nada@example.com,${hash},Ada,more\nbob@example.com,${hash}`;
      const { faults, users } = readImport(csv, 'csv');
      expect(faults).to.deep.equal([{ line: 2, field: '', code: 'LINE_NOT_READABLE' }]);
      expect(users.map(({ email, full_name }) => [email, full_name])).to.deep.equal([
        ['bob@example.com', null],
      ]);
    });

    it('leaves an address to the next line where the first that has it is at fault', () => {
      const lines = [
        person('ada@example.com', { is_active: 'perhaps' }),
        person('ada@example.com'),
        person('ADA@example.com', { is_active: 'perhaps' }),
      ];
      const { users, faults, lineOf } = readImport(lines.join('\n'), 'jsonl');
      expect(users).to.have.lengthOf(1);
      expect([...lineOf]).to.deep.equal([['ada@example.com', 2]]);
      // Whoever mends the line learns of the twin then: one thing at a time.
      expect(faults.map(({ line, code }) => [line, code])).to.deep.equal([
        [1, 'NOT_BOOLEAN'],
        [3, 'NOT_BOOLEAN'],
      ]);
    });

    it('takes nothing for unverified, and for no word of who is active', () => {
      const { users, faults } = readImport(
        [
          person('ada@example.com', { is_verified: null, is_active: 1 }),
          person('bob@example.com', { is_active: null }),
          person('eve@example.com', { is_active: 2 }),
        ].join('\n'),
        'jsonl',
      );
      expect(users.map(({ is_verified, is_active }) => [is_verified, is_active])).to.deep.equal([
        [false, true],
      ]);
      expect(faults.map(({ line, field }) => [line, field])).to.deep.equal([
        [2, 'is_active'],
        [3, 'is_active'],
      ]);
    });

    it('keeps nobody of a file that it refuses further down', () => {
      const csv = `email,hashed_password\nada@example.com,${madeByDjango.pbkdf2}\n"eve@example.com,${hash}`;
      const { refused, users, lineOf, foreign } = readImport(csv, 'csv', djangoHashes);
      expect(refused).to.deep.equal({ line: 3, field: '', code: 'QUOTE_NOT_CLOSED' });
      expect([users.length, lineOf.size, foreign.size]).to.deep.equal([0, 0, 0]);
    });

    it('names the first of the longest rows, and none where all are of one line', () => {
      const row = (name: string, note: string) => `${name}@example.com,${hash},"${note}"`;
      const csv = ['email,hashed_password,note', row('a', 'x\ny'), row('b', 'x\ny'), row('c', 'x')].join(
        '\n',
      );
      expect(readImport(csv, 'csv').longest).to.deep.equal({ line: 2, lastLine: 3 });
      expect(readImport(person('ada@example.com'), 'jsonl').longest).to.equal(undefined);
    });
  });
});
