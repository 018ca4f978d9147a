import {
  AccountHeldError,
  DatabaseError,
  EmailAlreadyRegisteredError,
  FluentMeetError,
  HookFailedError,
  InvalidOptionsError,
  SchemaAheadError,
  SchemaConflictError,
  ServiceUnavailableError,
  ValidationError,
} from '../errors.js';
import { describeError } from '../logger.js';
import { CliError, type ExitCode, exitCodes } from './cli-error.js';
import type { Io } from './terminal/io.js';
import { styled } from './terminal/cell.js';
import { createOutput } from './terminal/output.js';
import { unavailableInWords } from './unavailable-in-words.js';

interface Report {
  exitCode: ExitCode;
  /** None where everything has been said. */
  message?: string;
  details?: readonly string[];
  advice?: string | undefined;
}

const elsewhere =
  'Where a host has our tables in a schema of its own, name it: FLUENTMEET_DATABASE_SCHEMA, or --config with its options.';

/** Says on stderr what went wrong and what to do, and gives the exit code. No stack without `--debug`, no secret ever. */
export function reportError(
  io: Io,
  error: unknown,
  { debug, config }: { debug: boolean; config?: string | undefined },
): ExitCode {
  const output = createOutput(io, { json: false, config });
  const { exitCode, message, details = [], advice } = reportOf(error);
  const [first, ...more] = message?.split('\n') ?? [];
  if (first) output.note(styled('red', 'error: '), first);
  for (const line of more) output.note('  ', line);
  for (const line of details) output.note('  ', line);
  if (advice) output.note(advice);
  if (debug && message && error instanceof Error) {
    // Of strangers' errors not even the stack: its first line is their message.
    const { name, code, cause } = describeError(error);
    output.note(styled('dim', [name, code, cause].filter(Boolean).join(' · ')));
    for (const frame of framesOf(error)) output.note(styled('dim', frame));
  }
  return exitCode;
}

function reportOf(error: unknown): Report {
  if (error instanceof CliError) return error;
  if (error instanceof FluentMeetError) return reportOfOurs(error);
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  if (name === 'ExitPromptError' || name === 'AbortPromptError') return { exitCode: exitCodes.interrupted };
  if (typeof code === 'string' && code.startsWith('commander.')) {
    // commander has written its message by now.
    return { exitCode: exitCodes.usage };
  }
  return { exitCode: exitCodes.failed, message: describeError(error).message };
}

function reportOfOurs(error: FluentMeetError): Report {
  const { message } = error;
  if (error instanceof ValidationError) {
    const details = error.details.map(({ field, message: fault }) => `${field}: ${fault}`);
    return { exitCode: exitCodes.usage, message: 'the input is not valid', details };
  }
  if (error instanceof InvalidOptionsError) return { exitCode: exitCodes.usage, message };
  if (error instanceof EmailAlreadyRegisteredError) return { exitCode: exitCodes.conflict, message };
  if (error instanceof ServiceUnavailableError) {
    return { exitCode: exitCodes.unreachable, ...unavailableInWords(error) };
  }
  // No such table, column or schema: of a schema that is behind, or where a table of somebody else has our name.
  if (error instanceof DatabaseError && /^(42P01|42703|3F000)$/.test(error.sqlState ?? '')) {
    return {
      exitCode: exitCodes.failed,
      message: 'the database has not all the tables, or not as they are now',
      advice: `"fluentmeet doctor" says which. ${elsewhere} Else apply the migrations: fluentmeet migrate up`,
    };
  }
  if (error instanceof HookFailedError) {
    const { cause } = describeError(error);
    return { exitCode: exitCodes.failed, message, details: cause === undefined ? [] : [cause] };
  }
  return { exitCode: exitCodes.failed, message, advice: adviceFor(error) };
}

function adviceFor(error: FluentMeetError): string | undefined {
  if (error instanceof SchemaConflictError) {
    return 'For example: FLUENTMEET_DATABASE_SCHEMA=fluentmeet fluentmeet migrate up';
  }
  if (error instanceof SchemaAheadError) return 'Nothing was changed.';
  if (error instanceof DatabaseError && error.sqlState === '42501') {
    return 'The user of DATABASE_URL lacks a right: "fluentmeet doctor" says which, and the grant.';
  }
  if (error instanceof AccountHeldError) {
    return "Nothing was removed. Remove those rows first, or let the host's hook onRemoved do so: --config names its module.";
  }
  return undefined;
}

function framesOf(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
}
