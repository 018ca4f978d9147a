import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readEnvFile } from '../../../src/cli/settings/env-file.js';

describe('an .env file', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-env-file-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function read(content: string | Buffer) {
    await writeFile(path.join(folder, '.env'), content);
    return readEnvFile(folder);
  }
  const lines = 'FLUENTMEET_SIGNUP=closed\nFLUENTMEET_BRAND_NAME="Café"\n';
  const texts = { FLUENTMEET_SIGNUP: 'closed', FLUENTMEET_BRAND_NAME: 'Café' };

  it('may be missing', () => expect(readEnvFile(path.join(folder, 'none'))).to.deep.equal({ texts: {} }));

  for (const [what, content] of Object.entries({
    'without a byte order mark': lines,
    'with one': `\ufeff${lines}`,
    'with two': `\ufeff\ufeff${lines}`,
    'put together of files with one': `\ufeff${lines.replace('\n', '\n\ufeff')}`,
    'with the line ends of Windows': lines.replaceAll('\n', '\r\n'),
    'with those of an old Macintosh': lines.replaceAll('\n', '\r'),
    'with exports, comments and blanks': `# one\n\n  export ${lines}`,
  })) {
    it(`is read ${what}`, async () => expect(await read(content)).to.deep.equal({ texts }));
  }

  const utf16 = Buffer.from(`\ufeff${lines}`, 'utf16le');
  for (const [what, content] of Object.entries({
    'in UTF-16, little-endian': utf16,
    'in UTF-16, big-endian': Buffer.from(utf16).swap16(),
    'in UTF-16 without its mark': utf16.subarray(2),
    'in Latin-1': Buffer.from(lines, 'latin1'),
    'with a NUL': `${lines}\0`,
    'that ends within a character': Buffer.from(`${lines}A=é`).subarray(0, -1),
  })) {
    it(`is refused ${what}`, async () =>
      expect(await read(content)).to.deep.equal({
        fault: 'is not in UTF-8: save it anew in that encoding',
      }));
  }

  it('is refused with a line that says nothing, which is not quoted', async () => {
    expect(await read(`${lines}FLUENTMEET_SECRET: hunter2\nA=1\n`)).to.deep.equal({
      fault: 'line 3 is not of the form NAME=value',
    });
    expect(await read('\u200bFLUENTMEET_SIGNUP=closed')).to.have.property('fault');
  });

  for (const line of [
    'FLUENTMEET_SIGNUP: closed',
    'FLUENTMEET_SIGNUP closed',
    'FLUENTMEET_SIGNUP',
    'export FLUENTMEET_SIGNUP',
    '=closed',
    '$env:FLUENTMEET_SIGNUP="closed"',
    'set FLUENTMEET_SIGNUP=closed',
    '{ "FLUENTMEET_SIGNUP": "closed" }',
  ]) {
    it(`is refused where it would lose its last line: ${line}`, async () => {
      const fault = { fault: 'line 4 is not of the form NAME=value' };
      expect(await read(`A="one\ntwo"\n# three\n${line}`)).to.deep.equal(fault);
      expect(await read(`A="one\ntwo"\n# three\n${line}\n`)).to.deep.equal(fault);
    });
  }

  it('is read with values over several lines, and comments after them', async () => {
    expect(await read(`A="one\nB: two" # three\nC='d=e'\nF= g #h\n\nK=\n`)).to.deep.equal({
      texts: { A: 'one\nB: two', C: 'd=e', F: 'g', K: '' },
    });
  });

  for (const line of [
    'VITE_THEME_COLOR=#ff0000',
    'VITE_APP_URL=https://example.com/#/start',
    String.raw`GOOGLE_CREDENTIALS="{\"type\":\"x\"}"`,
    'X="a";',
    "I='j",
    'API_URL=http://${API_HOST}:1',
    'NOTE="Dear\n${WHOM}"',
    'PGPASSWORD=a#b',
  ]) {
    it(`leaves out what is another program's, and ends with its line: ${line.replace('\n', ' ')}`, async () =>
      expect(await read(`A=1\n${line}\n${lines}`)).to.deep.equal({ texts: { A: '1', ...texts } }));
  }

  it('reads a name that begins with a digit', async () =>
    expect(await read(`2FA_ISSUER=Acme\n${lines}`)).to.deep.equal({
      texts: { '2FA_ISSUER': 'Acme', ...texts },
    }));

  it('takes a name near to ours for ours, unless ours is set as well', async () => {
    for (const line of ['FLUENTMEET_SINGUP="closed";', 'fluentmeet_signup=closed#', 'KAFKA_BROKER="a:1'])
      expect(await read(line), line)
        .to.have.property('fault')
        .that.matches(/^line 1 /);
    expect(await read('KAFKA_BROKER=a#b\nKAFKA_BROKERS=a:1')).to.deep.equal({
      texts: { KAFKA_BROKERS: 'a:1' },
    });
  });

  it('keeps ${NAME} in single quotes, and a $ without braces', async () => {
    const secret = 'FLUENTMEET_SECRET';
    expect(await read(`${secret}='\${PROD_SECRET}'`)).to.deep.equal({
      texts: { [secret]: '${PROD_SECRET}' },
    });
    for (const value of ['a$abc', '$PROD', 'a${', '${1}', 'a$'])
      expect(await read(`${secret}=${value}`)).to.deep.equal({ texts: { [secret]: value } });
    expect(await read(`${secret}=a # not \${PROD}`)).to.deep.equal({ texts: { [secret]: 'a' } });
  });

  // Node's own reading of these differs by its version, and loses the last two everywhere.
  for (const [what, content] of Object.entries({
    'after a tab': '\tX=closed\nY=1\n',
    'with two spaces after export': 'export  X=closed\nY=1\n',
    'with a tab after export': 'export\tX=closed\nY=1\n',
    'with a tab after the name': 'X\t=closed\nY=1\n',
    'with a tab before a quote': 'X=\t"closed"\nY=1\n',
    'with blanks after the value': 'X=closed \t\nY=1\n',
    'after one that is empty but for a blank': 'W= \nX=closed\nY=1\n',
    'after an indented comment': '# no\n\t# X=open\nX=closed\nY=1\n',
  })) {
    it(`reads a line ${what}`, async () =>
      expect(await read(content))
        .to.have.property('texts')
        .that.includes({ X: 'closed', Y: '1' }));
  }

  it('keeps a # within quotes, and takes one after a blank for a comment', async () => {
    expect(await read(`A=\t"abc#def"\nB='#c' # d\nC="e"#f\nD=g #h#i\nE= # none\n`)).to.deep.equal({
      texts: { A: 'abc#def', B: '#c', C: 'e', D: 'g', E: '' },
    });
  });

  it('reads a key in PEM over lines, whose last looks like a name', async () => {
    const pem = '-----BEGIN KEY-----\nMIIBVgIBADANBg+/\nQWJjZA==\nQWJjZGU=\n-----END KEY-----';
    expect(await read(`KEY="${pem}"\nX=1`)).to.deep.equal({ texts: { KEY: pem, X: '1' } });
    expect(await read(`KEY="${pem.replaceAll('\n', '\\n')}"`)).to.deep.equal({ texts: { KEY: pem } });
  });

  for (const [what, content, fault] of [
    [
      'a quote that closes at the next one',
      'X="Acme\nFLUENTMEET_SIGNUP=closed\nY="(c) Acme"',
      'FLUENTMEET_SIGNUP',
    ],
    ['a quote that closes where the next value ends', `X='tis\nKAFKA_SSL=true\nY=it'`, 'KAFKA_SSL'],
    ['a quote that takes in an export', 'X="a\n\texport  PORT = 1\nY=2"', 'PORT'],
    ['an apostrophe that closes in another word', "X='tis\nY=isn't", 'it ends, 1 line further'],
    ['more after its quote', 'DATABASE_URL="postgres://u:p@h/d"?sslmode=verify-full', 'more follows'],
    ['a quote escaped by a backslash', String.raw`SMTP_URL="a\"b"`, 'more follows'],
    ['quotes put together as a shell does', String.raw`MAIL_FROM='it'\''s'`, 'more follows'],
    ['a # in a value', 'FLUENTMEET_SECRET=abc#def', 'double quotes'],
    ['a # in front', 'FLUENTMEET_BRAND_COLOUR=#0055ff', 'double quotes'],
    ['a quote that does not end', 'FLUENTMEET_SECRET="abcdef', 'opens a quote that does not end: close it'],
    ['one before a #', "FLUENTMEET_SECRET='abc #def", 'close it'],
    ['the name of another variable', 'FLUENTMEET_SECRET=${abc}', 'write the value'],
    ['one in double quotes', 'DATABASE_URL="postgres://u:${abc}@h/d"', 'single quotes'],
    ['one with a default', 'FLUENTMEET_SECRET=a${abc:-tis}', 'single quotes'],
  ] as const) {
    it(`is refused with ${what}, which is not quoted`, async () => {
      const result = await read(`A=1\n${content}\n`);
      expect(result)
        .to.have.property('fault')
        .that.matches(/^line 2 /)
        .and.contains(fault);
      expect(JSON.stringify(result)).not.to.match(/Acme|tis|postgres|abc|0055ff/);
    });
  }
});
