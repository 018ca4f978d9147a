import { constants, isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { faultMessages } from '../../faults.js';
import { importUsers } from '../../seed/import-users.js';
import { type FileFault, type ImportFault, readImport } from '../../seed/read-import.js';
import type { Cli } from '../cli.js';
import { CliError, type ExitCode, exitCodes, UsageError } from '../cli-error.js';
import { countOf } from '../count-of.js';
import { withFluentMeet } from '../with-fluentmeet.js';

export interface ImportFlags {
  skipInvalid?: boolean;
  dryRun?: boolean;
  /** By default the one that the file's name ends in. */
  format?: Format;
}

export async function usersImport(
  cli: Cli,
  file: string,
  { skipInvalid = false, dryRun = false, format = formatOf(file) }: ImportFlags,
): Promise<ExitCode | void> {
  const { output } = cli;
  await withFluentMeet(cli, { groups: ['database'] }, async (internals) => {
    const { foreignHashes } = internals.config;
    const read = readImport(await textOf(cli, file), format, foreignHashes);
    const { users, lines, longest, foreign, ignored } = read;
    const refusal = read.refused && refusalOf(read.refused, format);
    const faults = read.refused ? [read.refused] : read.faults;
    const invalid = new Set(faults.map(({ line }) => line)).size;
    const hasVerifier = foreignHashes !== undefined;
    const wordsOf = wordsFor(format, hasVerifier);
    const counts = {
      lines,
      valid: users.length,
      invalid,
      dry_run: dryRun,
      faults: faults
        .slice(0, mostInJson)
        .map((fault) => ({ ...fault, message: refusal?.message ?? wordsOf(fault) })),
    };
    const isRefused = refusal || (faults.length > 0 && (!skipInvalid || users.length === 0));
    if (output.json && isRefused) {
      output.result(
        { imported: 0, verified: 0, known: 0, unverified: 0, unverified_lines: [], ...counts },
        () => undefined,
      );
    }
    if (refusal) throw refusal;
    if (longest) {
      output.note(`Line ${longest.line} goes on to line ${longest.lastLine}, by its quotes. Is that so?`);
    }
    if (ignored.length > 0)
      output.warn(`left out, being no columns of ours: ${ignored.slice(0, 10).join(', ')}`);
    const told = inWords(cli, faults, wordsOf);
    if (isRefused) {
      throw new CliError(`nothing is imported: ${countOf(invalid, 'line')} of ${lines} cannot be`, {
        exitCode: skipInvalid ? exitCodes.failed : exitCodes.usage,
        details: told,
        advice: `Correct them${skipInvalid ? '' : ', or leave them out: --skip-invalid'}.${adviceForHashes(faults, hasVerifier)}`,
      });
    }
    for (const line of told) output.note(line);
    const progress = output.progress(dryRun ? 'Checking' : 'Importing', users.length);
    const signal = cli.interruption();
    const onProgress = (done: number): void => progress.update(done, users.length);
    const { fresh, imported, known, unverified } = await importUsers(internals, users, {
      dryRun,
      signal,
      onProgress,
    }).finally(() => progress.end());
    const others = fresh.filter((user) => foreign.has(user)).length;
    const verified = fresh.filter((user) => user.is_verified).length;
    const strangers = unverified.map(({ email }) => read.lineOf.get(email) as number);
    const written = {
      imported,
      verified,
      known,
      unverified: strangers.length,
      unverified_lines: strangers.slice(0, mostInJson),
    };
    output.result({ ...written, ...counts }, () => {
      const readLines = `${countOf(lines, 'line')} read${format === 'csv' ? ', the header among them' : ''}`;
      const outcome = `${countOf(fresh.length, 'user')} ${dryRun ? 'can be imported' : 'imported'}`;
      const proved = fresh.length > 0 ? `, ${verified} of them verified` : '';
      output.line(`${readLines}: ${outcome}${proved}.`);
      if (known > 0) output.note(`${known} had an account already, and stay as they are.`);
      if (invalid > 0) output.note(`${countOf(invalid, 'line')} left out.`);
      if (others > 0) output.note(keepVerifier(others));
    });
    if (strangers.length > 0) output.warn(removeStrangers(strangers));
  });
}

function refusalOf({ line, field, code }: FileFault, format: Format): UsageError {
  const seeHelp = '"fluentmeet users import --help" has all the names.';
  const columns = {
    csv: {
      message: `the first line does not name the ${field ? `column ${field}` : 'columns email and hashed_password'}`,
      advice: `Name the columns so, with commas between them: ${seeHelp}`,
    },
    jsonl: {
      message: `no line has ${field ? `the key ${field}` : 'the keys email and hashed_password'}`,
      advice: `Name the keys so: ${seeHelp}`,
    },
  };
  const words = {
    COLUMNS_MISSING: columns[format],
    COLUMN_TWICE: {
      message: `the first line names the column ${field} twice`,
      advice: 'Leave out the one that is not meant.',
    },
    QUOTE_NOT_CLOSED: {
      message: `nothing is imported: a quote opens in line ${line} that does not close where its field ends, or holds a line break and then a comma`,
      advice: `What follows it cannot be told apart, so that no line can be skipped. Close it, and double those within: "Robert ""Bob"" Smith". Take line breaks out of names: in PostgreSQL replace(name, chr(10), ' ').`,
    },
    NO_USERS: { message: 'the file has no users', advice: 'Was it written to its end?' },
  }[code];
  return new UsageError(words.message, words.advice);
}

function adviceForHashes(faults: readonly ImportFault[], hasVerifier: boolean): string {
  if (hasVerifier || !faults.some(({ code }) => code === 'HASH_NOT_READABLE')) return '';
  return ' Hashes of another format (pbkdf2_sha256, scrypt, argon2) want a verifier: foreignHashes, in the module that --config names (docs/coming-from.md has those of Django and others).';
}

function keepVerifier(foreign: number): string {
  return `Of ${countOf(foreign, 'user')} only foreignHashes reads the hash: whatever asks checkPassword needs it until they have logged in.`;
}

function removeStrangers(lines: readonly number[]): string {
  const named = `${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, 10).join(', ')}`;
  const more = lines.length > 10 ? ` and ${lines.length - 10} more` : '';
  return `the file has ${countOf(lines.length, 'user')} as verified whose account here nobody verified (${named}${more}): its password is of whoever signed up, perhaps a stranger. Remove it (fluentmeet users erase, or fluentmeet users purge-unverified) and run the import again, which brings its owner in.`;
}

async function textOf({ io }: Cli, file: string): Promise<string> {
  const bytes = await bytesOf(io, file).catch((cause: NodeJS.ErrnoException) => {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`the file cannot be read (${cause.code ?? 'unknown'})`, undefined, { cause });
  });
  // Of UTF-16 every other byte of plain letters is none.
  const isUtf16 = /^(fffe|feff|00..|..00)/.test(bytes.toString('hex', 0, 2));
  const text = bytes.toString('utf8');
  if (isUtf8(bytes) && !isUtf16) return text;
  const line = text.split('\uFFFD', 1)[0]?.split('\n').length;
  const where = isUtf16 ? ' but UTF-16' : `: line ${line} is the first that is not`;
  // Windows-1252 has all the letters of ISO 8859-1.
  const from = isUtf16 ? encodingOfUtf16(bytes) : 'WINDOWS-1252';
  throw new UsageError(
    `the file is not in UTF-8${where}`,
    `Write it anew in UTF-8 (in Excel: "CSV UTF-8"), or convert it${isUtf16 ? '' : ', in western Europe mostly so'}: iconv -f ${from} -t UTF-8 old.csv > new.csv`,
  );
}

/** A string of V8's cannot hold more. */
const mostBytes = constants.MAX_STRING_LENGTH;

/** @throws UsageError where they are too many, as soon as that is known */
async function bytesOf({ stdin, cwd }: Cli['io'], file: string): Promise<Buffer> {
  const name = path.resolve(cwd, file);
  if (file !== '-' && (await stat(name)).size > mostBytes) throw tooLarge();
  let size = 0;
  const chunks: Buffer[] = [];
  for await (const chunk of (file === '-' ? stdin : createReadStream(name)) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): UsageError {
  return new UsageError(
    `the file is larger than ${Math.round(mostBytes / 2 ** 20)} MB`,
    'Split it, each part of a .csv with the first line that names the columns, and import one after the other: who has an account already stays as they are.',
  );
}

/** With its byte order mark iconv knows the order itself. */
function encodingOfUtf16([first, second]: Buffer): string {
  if (second === 0) return 'UTF-16LE';
  return first === 0 ? 'UTF-16BE' : 'UTF-16';
}

type Format = 'jsonl' | 'csv';

function formatOf(file: string): Format {
  const ending = path.extname(file).toLowerCase();
  if (ending === '.csv') return 'csv';
  if (ending === '.jsonl' || ending === '.ndjson') return 'jsonl';
  throw new UsageError(
    'the file must end in .jsonl or .csv',
    'Or say what it is: --format csv, --format jsonl.',
  );
}

/** More than these nobody reads on a terminal. A file gets all of them. */
const mostShown = 20;
const mostInJson = 100;

function inWords(
  { io }: Cli,
  faults: readonly ImportFault[],
  wordsOf: (fault: ImportFault) => string,
): string[] {
  const shown = (io.stderr.isTTY ? faults.slice(0, mostShown) : faults).map(
    (fault) => `line ${fault.line}${fault.field ? `, ${fault.field}` : ''}: ${wordsOf(fault)}`,
  );
  const more = faults.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more; for all of them: 2> faults.txt`] : shown;
}

function wordsFor(format: Format, hasVerifier: boolean): (fault: ImportFault) => string {
  const ownWords: Partial<Record<ImportFault['code'], string>> = {
    LINE_NOT_READABLE: {
      csv: 'It has more values than the first line has names. Whatever holds a comma goes into quotes.',
      jsonl: 'It is not one JSON object, as each line of .jsonl is.',
    }[format],
    HASH_NOT_READABLE: `No hash that can be verified: $2a$, $2b$, $2y$ or $bcrypt-sha256$, of a cost from 4 to 15${hasVerifier ? '; nor does foreignHashes read it' : ''}.`,
    NOT_BOOLEAN: 'Must be true or false, t or f, 1 or 0.',
    NULL_AS_TEXT: `Is a word for no value, and would be taken for text: ${{ csv: 'leave it empty', jsonl: 'write null' }[format]} instead of NULL or \\N.`,
  };
  return ({ code, earlier }) =>
    code === 'EMAIL_TWICE'
      ? `Line ${earlier} has this address already.`
      : (ownWords[code] ?? faultMessages[code as keyof typeof faultMessages]);
}
