import { expect } from 'chai';
import { stripVTControlCharacters } from 'node:util';
import { type Column, styled } from '../../../src/cli/terminal/cell.js';
import { createOutput } from '../../../src/cli/terminal/output.js';
import { createIo, type CliOptions } from '../run-cli.js';

interface Row {
  name: string;
  count: number;
  at: Date | null;
}

const columns: Column<Row>[] = [
  { title: 'NAME', value: ({ name }) => styled('green', name) },
  { title: 'COUNT', value: ({ count }) => count, align: 'right' },
  { title: 'AT', value: ({ at }) => at },
];
const rows: Row[] = [
  { name: 'Ada', count: 7, at: new Date('2026-03-14T12:00:00Z') },
  { name: '李\u001b[31m', count: 1234, at: null },
];

function capture(options: CliOptions, json = false) {
  const { io, stdout, stderr } = createIo(options);
  return { output: createOutput(io, { json }), stdout, stderr };
}

describe('output', () => {
  it('pipes a table as tab-separated values, without header or colour, times in ISO 8601', () => {
    const { output, stdout } = capture({});
    output.table(rows, columns);
    expect(stdout.text).to.equal('Ada\t7\t2026-03-14T12:00:00.000Z\n李\\u001b[31m\t1234\t\n');
  });

  it('shows a table on a terminal with header, aligned columns and local time', () => {
    const { output, stdout } = capture({ terminal: { stdout: true } });
    output.table(rows, columns);
    const lines = stripVTControlCharacters(stdout.text).split('\n');
    const local = new Date('2026-03-14T12:00:00Z');
    const hour = String(local.getHours()).padStart(2, '0');
    expect(lines[0]).to.equal('NAME          COUNT  AT');
    expect(lines[1]).to.match(new RegExp(`^Ada {15}7 {2}2026-03-1\\d ${hour}:\\d\\d:00$`));
    expect(lines[2]).to.equal('李\\u001b[31m   1234  –');
  });

  it('colours on a terminal only, and not with NO_COLOR or on a dumb terminal', () => {
    const colored = (options: CliOptions): boolean => {
      const { output, stdout } = capture(options);
      output.line(styled('red', 'dead'));
      return stdout.text.includes('\u001b[31m');
    };
    const terminal = { stdout: true };
    expect(colored({ terminal })).to.equal(true);
    expect(colored({})).to.equal(false);
    expect(colored({ terminal, env: { NO_COLOR: '1' } })).to.equal(false);
    expect(colored({ terminal, env: { TERM: 'dumb' } })).to.equal(false);
  });

  it('fits a table into a narrow terminal, the widest column first', () => {
    const { output, stdout } = capture({ terminal: { stdout: true }, columns: 60 });
    output.table([{ name: 'x'.repeat(60), count: 5, at: rows[0]?.at ?? null }], columns);
    for (const line of stripVTControlCharacters(stdout.text).split('\n')) {
      expect(line.length).to.be.at.most(60);
    }
  });

  it('writes a paragraph a row, with all of it, where columns would say too little', () => {
    const { output, stdout } = capture({ terminal: { stdout: true }, columns: 18 });
    output.table(
      [
        { name: 'x'.repeat(60), count: 5, at: null },
        { name: 'y', count: 6, at: null },
      ],
      columns,
    );
    expect(stripVTControlCharacters(stdout.text)).to.equal(
      `NAME   ${'x'.repeat(60)}\nCOUNT  5\nAT     –\n\nNAME   y\nCOUNT  6\nAT     –\n`,
    );
  });

  it('takes a width of 0, which some terminals report, for unknown', () => {
    const { output, stdout } = capture({ terminal: { stdout: true }, columns: 0 });
    output.table(rows, columns);
    expect(stripVTControlCharacters(stdout.text)).to.contain('COUNT');
  });

  it('prints nothing but the document with --json, and all else on stderr', () => {
    const { output, stdout, stderr } = capture({}, true);
    output.result({ at: new Date(0), name: '\u001b[2J' }, () => output.line('not this'));
    output.note('a note');
    expect(JSON.parse(stdout.text)).to.deep.equal({ at: '1970-01-01T00:00:00.000Z', name: '\u001b[2J' });
    expect(stdout.text).not.to.contain('\u001b');
    expect(stderr.text).to.equal('a note\n');
  });

  it('lets no escape sequence of the data through, in lines, details, notes or warnings', () => {
    const hostile = '\u001b]0;owned\u0007\nsecond line\u009b2J';
    const { output, stdout, stderr } = capture({
      terminal: { stdout: true, stderr: true },
      env: { NO_COLOR: '1' },
    });
    output.line(hostile);
    output.details([[hostile, hostile]]);
    output.note(hostile);
    output.warn(hostile);
    output.progress(hostile, 3).end();
    for (const text of [stdout.text, stderr.text.replaceAll('\r\u001b[K', '')]) {
      expect(text.replaceAll('\n', '')).to.match(/^[^\p{Cc}]*$/u);
    }
    expect(stdout.text.trimEnd().split('\n')).to.have.length(2);
  });

  it('names commands as they are to be typed, with the --config that was given', () => {
    const said = (config: string | undefined): string => {
      const { io, stderr } = createIo({});
      const output = createOutput(io, { json: false, config });
      output.note('To end it: fluentmeet relay resume');
      output.warn('FLUENTMEET_DATABASE_SCHEMA=fluentmeet "fluentmeet doctor" of schema fluentmeet.');
      return stderr.text;
    };
    expect(said(undefined)).to.contain('To end it: fluentmeet relay resume').and.not.contain('--config');
    expect(said('./host.mjs')).to.equal(
      'To end it: fluentmeet --config ./host.mjs relay resume\n' +
        'warning: FLUENTMEET_DATABASE_SCHEMA=fluentmeet "fluentmeet --config ./host.mjs doctor" of schema fluentmeet.\n',
    );
    expect(said("it's $& here.mjs")).to.contain(`fluentmeet --config 'it'\\''s $& here.mjs' relay resume`);
  });

  it('takes the progress bar away before it says anything else, once', () => {
    const { output, stderr } = capture({ terminal: { stderr: true }, columns: 60 });
    output.progress('Seeding', 10);
    output.note('a note');
    output.note('another');
    expect(stderr.text.endsWith('0/10\r\u001b[Ka note\nanother\n')).to.equal(true);
  });

  it('draws a progress bar on a terminal only, within its width, and takes it away', () => {
    const quiet = capture({});
    quiet.output.progress('Seeding', 10).update(10);
    expect(quiet.stderr.text).to.equal('');

    const { output, stderr, stdout } = capture({ terminal: { stderr: true }, columns: 30 });
    const progress = output.progress('Seeding', 10);
    progress.update(10);
    progress.end();
    expect(stdout.text).to.equal('');
    const drawn = stderr.text.split('\r\u001b[K');
    expect(drawn.at(-1)).to.equal('');
    for (const line of drawn) expect(line.length).to.be.below(30);
  });
});
