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

  it('is read with values over several lines, comments after them, and a quote that does not end', async () => {
    expect(await read(`A="one\nB: two" # three\nC='d=e'\nF= g #h\nI="j\n\nK=\n`)).to.deep.equal({
      texts: { A: 'one\nB: two', C: 'd=e', F: 'g', I: '"j', K: '' },
    });
  });
});
