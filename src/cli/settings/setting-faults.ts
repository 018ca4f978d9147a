import { availableParallelism } from 'node:os';
import type { FluentMeetOptions } from '../../options/options.js';
import type { Io } from '../terminal/io.js';

/** A variable that is missing or wrong. Never holds its value. */
export interface SettingFault {
  readonly variable: string;
  readonly message: string;
}

/** Values by variable, each right by itself: what is looked for here is wrong between them. */
type Values = ReadonlyMap<string, unknown>;

/** Hashing must leave a thread of libuv's pool to DNS and new connections. The pool's size is fixed before the start. */
export function fitHashing(
  values: Map<string, unknown>,
  env: Io['env'],
  host: Partial<FluentMeetOptions>,
): SettingFault[] {
  const variable = 'FLUENTMEET_HASH_CONCURRENCY';
  const threads = Number(env['UV_THREADPOOL_SIZE']) || 4;
  const most = Math.max(1, threads - 1);
  const given = values.get(variable) ?? host.hashConcurrency;
  if (given === undefined) values.set(variable, Math.min(availableParallelism(), most));
  return typeof given === 'number' && given > most
    ? [{ variable, message: `must be below the ${threads} threads of Node's pool (UV_THREADPOOL_SIZE)` }]
    : [];
}

export function saslFaults(values: Values): SettingFault[] {
  const names = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'];
  const missing = names.filter((name) => !values.has(name));
  if (missing.length === names.length) return [];
  return missing.map((variable) => ({ variable, message: 'is not set, and the other KAFKA_SASL_ ones are' }));
}

/** Where the host's module says who sends the mails, SMTP_URL alone may be a variable of its own. */
export function senderFaults(values: Values, host: Partial<FluentMeetOptions>): SettingFault[] {
  if (!values.has('SMTP_URL') || values.has('MAIL_FROM') || values.has('KAFKA_BROKERS')) return [];
  if (host.publisher !== undefined) return [];
  return [{ variable: 'MAIL_FROM', message: 'is not set, and SMTP_URL is' }];
}

export function weakHashFaults(values: Values, host: Partial<FluentMeetOptions>): SettingFault[] {
  const variable = 'FLUENTMEET_BCRYPT_COST';
  const cost = values.get(variable) ?? host.bcryptCost;
  return typeof cost === 'number' && cost < 10
    ? [{ variable, message: 'must be 10 or more in production; less is for tests' }]
    : [];
}
