import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { InvalidOptionsError } from '../../errors.js';
import { type FluentMeetOptions, parseOptions } from '../../options/options.js';
import { UsageError } from '../cli-error.js';
import { readEnvFile } from './env-file.js';
import { fitHashing, saslFaults, senderFaults, type SettingFault, weakHashFaults } from './setting-faults.js';
import { smtpPublisher } from '../../publishers/smtp/smtp-publisher.js';
import type { Io } from '../terminal/io.js';
import { meantVariable } from './meant-variable.js';
import { requirePackageOf } from './require-package.js';
import { type VariableGroup, type VariableName, variables } from './variables.js';

export interface SettingsRequest {
  /** Variables of other groups are not even looked at. Who wants the group `database` cannot work without DATABASE_URL. */
  readonly groups: readonly VariableGroup[];
  /** Without which else the command cannot work; of those in brackets, ways of the mails, one or the host's own is enough. */
  readonly required?: readonly (VariableName | readonly VariableName[])[] | undefined;
  /** Refuses what only tests may have: a cheap password hash. */
  readonly production?: boolean;
}

export interface Settings {
  /** Ready for `createFluentMeet`. Without brokers `publisher` is the SMTP one, where that is set, else `'none'`. */
  readonly options: FluentMeetOptions;
  /** Closes what the options hold: to be called after the instance has stopped. */
  close(): Promise<void>;
  /** Where `SMTP_URL` and `MAIL_FROM` are set. */
  readonly mail: { readonly url: string; readonly from: string } | undefined;
  readonly server: ServerSettings;
  /** Absolute. */
  readonly dataDirectory: string;
}

export type ServerSettings = ReturnType<typeof toServerSettings>;

/** @throws UsageError with every fault at once, or with the package that a variable needs */
export function readSettings(
  io: Pick<Io, 'env' | 'cwd' | 'hostOptions'>,
  request: SettingsRequest,
): Settings {
  const { settings, faults } = inspectSettings(io, request);
  if (settings) {
    // The outbox's mails go out by SMTP, or whoever asks needs it for more than that.
    const mails = settings.options.kafka === undefined || request.required?.includes('SMTP_URL');
    if (settings.mail && mails) requirePackageOf('SMTP_URL');
    return settings;
  }
  throw new UsageError(
    faults.length === 1 ? 'a setting is missing or wrong' : 'settings are missing or wrong',
    faults.every(({ variable }) => isOfModule(variable, io.hostOptions))
      ? 'Put it right in the module that --config or FLUENTMEET_CONFIG names.'
      : 'Set them in the environment or in an .env file.',
    { details: faults.map(({ variable, message }) => `${variable}: ${message}`) },
  );
}

/** Without it a command can tell less, and works all the same. */
export function knowsSecret(io: Pick<Io, 'env' | 'cwd' | 'hostOptions'>): boolean {
  return inspectSettings(io, { groups: ['links'], required: ['FLUENTMEET_SECRET'] }).faults.length === 0;
}

/** The name of a fault of the whole module: an option that there is not, say. */
const ofModule = '--config';

/** Whether a fault bears the name of an option, for the host's module says it. */
function isOfModule(name: string, host: Partial<FluentMeetOptions> = {}): boolean {
  return name === ofModule || Object.hasOwn(host, name.split('.', 1)[0] ?? '');
}

/** The same for `doctor`, which goes on after a fault. `settings` is there when there are no faults. */
export function inspectSettings(
  io: Pick<Io, 'env' | 'cwd' | 'hostOptions'>,
  { groups, required = [], production = false }: SettingsRequest,
): { settings: Settings | undefined; faults: readonly SettingFault[] } {
  const { hostOptions = {} } = io;
  const faults: SettingFault[] = [];
  const values = new Map<string, unknown>();
  const texts = readTexts(io, faults);
  const isGiven = (name: string): boolean =>
    Boolean(texts[name]?.trim()) || hostValue(hostOptions, name) !== undefined;
  const isNeeded = (name: string): boolean =>
    ['DATABASE_URL' as const, ...required].some((one) =>
      typeof one === 'string'
        ? one === name
        : one[0] === name && !publishes(hostOptions) && !one.some((other) => isGiven(other)),
    );
  for (const variable of variables) {
    if (!groups.includes(variable.group)) continue;
    const { name, meaning, parse = asIs } = variable;
    const text = texts[name]?.trim();
    if (text) {
      const result = parse(text);
      if ('fault' in result) faults.push({ variable: name, message: result.fault });
      else values.set(name, result.value);
    } else if (isNeeded(name) && !isGiven(name)) {
      const slip = Object.keys(texts).find((set) => texts[set]?.trim() && meantVariable(set, texts) === name);
      const hint = slip === undefined ? '' : `, but ${slip} is: did you mean ${name}?`;
      faults.push({ variable: name, message: `is not set (${meaning})${hint}` });
    }
  }
  if (groups.includes('signup')) faults.push(...fitHashing(values, io.env, hostOptions));
  faults.push(...saslFaults(values), ...senderFaults(values, hostOptions));
  if (production) faults.push(...weakHashFaults(values, hostOptions));
  const known = new Set(faults.map(({ variable }) => variable));
  const options = toOptions(values, hostOptions);
  faults.push(...optionFaults(options, values, hostOptions).filter(({ variable }) => !known.has(variable)));
  if (faults.length > 0) return { settings: undefined, faults };
  return {
    settings: {
      options,
      async close() {
        if (typeof options.publisher === 'object') await options.publisher.close?.();
      },
      mail: mailOf(values),
      server: toServerSettings(values),
      dataDirectory: path.resolve(io.cwd, (values.get('FLUENTMEET_DATA_DIR') as string) ?? '.fluentmeet'),
    },
    faults,
  };
}

/** The environment over the `.env` file of the working directory. A variable set to nothing counts as not set. */
export function readTexts({ env, cwd }: Pick<Io, 'env' | 'cwd'>, faults: SettingFault[]): Io['env'] {
  const file = readEnvFile(cwd);
  if ('fault' in file) faults.push({ variable: '.env', message: file.fault });
  const set = Object.entries(env).filter(([, text]) => text?.trim());
  return { ...('texts' in file ? file.texts : {}), ...Object.fromEntries(set) };
}

const asIs = (text: string): { value: unknown } => ({ value: text });

function mailOf(values: ReadonlyMap<string, unknown>): Settings['mail'] {
  const url = values.get('SMTP_URL') as string | undefined;
  const from = values.get('MAIL_FROM') as string | undefined;
  return url && from ? { url, from } : undefined;
}

/** What is not needed or already known to be missing is made up, so that the rest can be checked and used. */
function toOptions(
  values: ReadonlyMap<string, unknown>,
  host: Partial<FluentMeetOptions>,
): FluentMeetOptions {
  const options: Record<string, unknown> = {
    database: 'postgres://localhost/unset',
    publicUrl: 'http://localhost',
    secret: randomBytes(32).toString('hex'),
    ...host,
  };
  const hasKafka = values.has('KAFKA_BROKERS');
  const mail = mailOf(values);
  if (hasKafka) delete options['publisher'];
  else if (mail) Object.assign(options, { kafka: undefined, publisher: smtpPublisher(mail) });
  else if (!(host.kafka || host.publisher)) options['publisher'] = 'none';
  for (const { name, option } of variables) {
    if (option === undefined || !values.has(name)) continue;
    if (option.startsWith('kafka.') && !hasKafka) continue;
    place(options, option.split('.'), values.get(name));
  }
  return options as unknown as FluentMeetOptions;
}

function place(target: Record<string, unknown>, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  // A copy: what the host's module exports is its own.
  const copy = { ...(target[key] as object | undefined) };
  target[key] = copy;
  place(copy, rest, value);
}

/** Where the host's module does, no variable needs to; whoever needs Kafka or SMTP for more asks for its own. */
function publishes({ kafka, publisher }: Partial<FluentMeetOptions>): boolean {
  return Boolean(kafka ?? (publisher !== 'none' && publisher));
}

/** What the host's module says in the place of a variable. */
export function hostValue(host: Partial<FluentMeetOptions>, name: string): unknown {
  const option = variables.find((variable) => variable.name === name)?.option;
  return option?.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], host);
}

/** The core's own checks, with the variable in the place of the option, but of what the host's module says. */
function optionFaults(
  options: FluentMeetOptions,
  values: ReadonlyMap<string, unknown>,
  host: Partial<FluentMeetOptions>,
): SettingFault[] {
  try {
    parseOptions(options);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    return error.details.map(({ field, message }) => {
      const name = variableOf(field);
      const isHosts = name === undefined || (!values.has(name) && hostValue(host, name) !== undefined);
      return { variable: isHosts ? field || ofModule : name, message };
    });
  }
}

function variableOf(field: string): string | undefined {
  return variables.find(({ option }) => option && `${field}.`.startsWith(`${option}.`))?.name;
}

function toServerSettings(values: ReadonlyMap<string, unknown>) {
  return {
    port: (values.get('PORT') as number | undefined) ?? 3000,
    host: (values.get('HOST') as string | undefined) ?? '127.0.0.1',
    adminPort: values.get('FLUENTMEET_ADMIN_PORT') as number | undefined,
    adminHost: (values.get('FLUENTMEET_ADMIN_HOST') as string | undefined) ?? '127.0.0.1',
    trustProxy: (values.get('FLUENTMEET_TRUST_PROXY') as boolean | number | string | undefined) ?? false,
    redisUrl: values.get('REDIS_URL') as string | undefined,
    logLevel: (values.get('LOG_LEVEL') as string | undefined) ?? 'info',
    /** Milliseconds for which readiness says no before the listener closes. */
    stopDelay: (values.get('FLUENTMEET_STOP_DELAY') as number | undefined) ?? 0,
  };
}
