import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tokenValue } from '../../src/verification/token-value.js';
import { runCli } from '../cli/run-cli.js';
import { type AreaReport, createTally } from './area.js';
import type { Allowed } from './canaries.js';
import { type CanaryRun, startCanaryRun } from './canary-run.js';
import { startServe } from './serve-process.js';

export interface CliCanaryOptions {
  /** With each of them, every command is run, once more with `--debug` and once more with `--json`. */
  logLevels: readonly string[];
}

export const everyLogLevel = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** Every command, on the way where all is well and on those where it is not; stdout and stderr are searched. */
export async function runCliCanaries({ logLevels }: CliCanaryOptions): Promise<AreaReport> {
  const tally = createTally('canaries, CLI');
  const run = await startCanaryRun(tally);
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-canary-'));
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  try {
    const { port } = busy.address() as { port: number };
    let first = true;
    await serveAndLook(run);
    for (const level of logLevels) {
      for (const flags of [[], ['--debug'], ['--json']]) {
        await everyCommand(run, { level, flags, port, folder, isFirst: first });
        first = false;
      }
    }
    const { texts, characters } = run.heard();
    return tally.report(
      `${texts} texts, ${Math.round(characters / 1000)} kB searched, log levels ${logLevels.join(' ')}`,
    );
  } finally {
    busy.close();
    await rm(folder, { recursive: true, force: true });
    await run.stop();
  }
}

/** The server as a process: what it writes at its most talkative, and what it says on the admin port. */
async function serveAndLook({ canaries, url, hear, check, query }: CanaryRun): Promise<void> {
  const { password, secret } = canaries;
  const email = `served.${canaries.address}`;
  const serve = await startServe({ DATABASE_URL: url, FLUENTMEET_SECRET: secret, LOG_LEVEL: 'trace' });
  const json = { 'content-type': 'application/json' };
  const post = async (route: string, body: object): Promise<string> =>
    (
      await fetch(`${serve.url}/${route}`, { method: 'POST', headers: json, body: JSON.stringify(body) })
    ).text();
  try {
    await post('signup', { email, password });
    hear('serve, 409', await post('signup', { email, password }));
    hear('serve, 400', await post('signup', { email: password, password: email }));
    hear('serve, resend', await post('resend-verification', { email }));
    const tokens = (await query<{ id: string }>('select id from verification_tokens')).map(({ id }) =>
      tokenValue(secret, id),
    );
    canaries.addTokens(tokens);
    await (await fetch(`${serve.url}/verify-email?token=${tokens[0]}`)).text();
    for (const route of ['metrics', 'healthz', 'readyz', password]) {
      const answer = await fetch(`${serve.adminUrl}/${encodeURIComponent(route)}`);
      hear(`serve, admin port, /${route === password ? '…' : route}`, await answer.text());
    }
  } finally {
    await serve.stop();
  }
  const output = await serve.output();
  check('serve logs', output.includes('user.signed-up'));
  hear('serve, its log', output);
  await query(`delete from users where email like 'served.%'`);
}

interface Round {
  level: string;
  flags: readonly string[];
  /** Taken. */
  port: number;
  folder: string;
  isFirst: boolean;
}

async function everyCommand(run: CanaryRun, { level, flags, port, folder, isFirst }: Round): Promise<void> {
  const { canaries, url, wrongUrl } = run;
  const { address, password, secret, saslPassword, redisPassword } = canaries;
  const base = {
    DATABASE_URL: url,
    FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
    FLUENTMEET_SECRET: secret,
    FLUENTMEET_BCRYPT_COST: '4',
    LOG_LEVEL: level,
  };
  const kafka = {
    KAFKA_BROKERS: '127.0.0.1:1',
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: 'canary',
    KAFKA_SASL_PASSWORD: saslPassword,
  };
  const redis = { REDIS_URL: `redis://:${encodeURIComponent(redisPassword)}@127.0.0.1:1` };
  const cli = async (
    args: readonly string[],
    code: number | readonly number[],
    { env = base, stdin, allowed = {} }: CliOptions = {},
  ): Promise<string> => {
    const all = [...args, ...(flags.includes('--json') && !takesJson(args) ? [] : flags)];
    const result = await runCli(all, { env, cwd: folder, ...(stdin === undefined ? {} : { stdin }) });
    const place = `${all.map((word) => (word.length > 30 ? '…' : word)).join(' ')} (${level})`;
    run.check(
      `${place}, its exit code`,
      [code].flat().includes(result.code),
      `${result.code}: ${result.stderr.slice(0, 300)}`,
    );
    run.hear(`${place}, stdout`, result.stdout, allowed);
    run.hear(`${place}, stderr`, result.stderr, allowed);
    return result.stdout;
  };

  const register = ['register', '--email', address, '--name', 'Kanarie', '--password-stdin'];
  await cli(register, isFirst ? 0 : 3, { stdin: password, env: isFirst ? { ...base, ...kafka } : base });
  const tokens = await run.query<{ id: string }>('select id from verification_tokens');
  canaries.addTokens(tokens.map(({ id }) => tokenValue(secret, id)));
  await run.query(`update email_outbox set last_error = 'refused' where last_error is null`);
  const [email] = await run.query<{ id: string }>('select min(id) as id from email_outbox');
  const emailId = email?.id as string;

  await cli(register, 3, { stdin: password });
  await cli(['register', '--email', `${address},${address}`, '--password-stdin'], 2, { stdin: password });
  await cli(['register', '--email', `z${address}`, '--password-stdin'], 2, { stdin: password.repeat(99) });
  await cli(['register', '--email', address, '--password', password], 2);
  await cli(['register', '--email', address, `--password=${password}`], 2);
  await cli(['register', '--email', address, `--pasword=${password}`], 2);
  await cli(['register', '--password-stdin'], 2, { stdin: password });
  await cli(['users', 'list', `--password=${password}`], 2);
  for (const command of [
    [],
    ['users', 'show', address],
    ['emails', 'show'],
    ['migrate'],
    ['invites', 'list'],
  ])
    await cli([...command, password], 2);

  for (const args of [
    ['users', 'list'],
    ['users', 'show', address],
    ['users', 'explain', address],
    ['emails', 'list'],
    ['emails', 'list', '--email', address],
    ['emails', 'show', emailId],
    ['emails', 'replay', '--all', '--dry-run', '--status', 'pending'],
    ['emails', 'replay', '--email', address, '--status', 'pending', '--dry-run'],
    ['invites', 'list'],
    ['migrate', 'status'],
    ['migrate', 'up'],
  ]) {
    await cli(args, [0, 1]);
  }
  const revealed = await cli(['users', 'show', address, '--reveal'], 0, { allowed: { address: true } });
  run.check('--reveal shows the address', revealed.includes(address));
  await cli(['emails', 'show', emailId, '--reveal'], 0, { allowed: { address: true, token: true } });
  await cli(['users', 'show', `nobody${address}`], [1, 2]);
  await cli(['users', 'explain', `nobody${address}`], [0, 1, 2]);
  await cli(['users', 'show', `${address}\u001b[2J`], [1, 2]);
  await cli(['emails', 'replay', '--email', address], [0, 1, 2], { env: { ...base, ...kafka } });
  await cli(['invites', 'create', '--email', address, '--note', 'for the canary'], 0);
  await cli(['invites', 'create', '--email', `${address} ${address}`], 2);

  const [{ id } = { id: '' }] = await run.query<{ id: string }>('select max(id) as id from invites');
  for (const args of [
    ['invites', 'revoke', id],
    ['users', 'deactivate', address, '--yes'],
    ['users', 'activate', address],
    ['users', 'verify', address],
    ['users', 'purge-unverified', '--older-than', '30d', '--yes'],
    ['emails', 'prune', '--older-than', '30d', '--yes'],
    ['tokens', 'revoke-all', '--yes'],
  ]) {
    await cli(args, 0);
  }
  await cli(['seed', '--count', '2', '--force'], 0);
  await cli(['dev', '--port', String(port)], 1);

  await cli(['doctor'], [0, 1, 4], { env: { ...base, ...kafka, ...redis } });
  await cli(['doctor'], [1, 4], { env: { ...base, ...kafka, DATABASE_URL: wrongUrl } });
  await cli(['doctor'], [1, 2], {
    env: {
      ...base,
      DATABASE_URL: `${url} `,
      FLUENTMEET_SECRET: secret.slice(0, 31),
      REDIS_URL: redisPassword,
    },
  });
  await cli(['migrate', 'up', '--wait', '0s'], 4, { env: { ...base, DATABASE_URL: wrongUrl } });
  for (const broken of brokenUrls(url))
    await cli(['migrate', 'status'], [0, 1, 2, 4], { env: { ...base, DATABASE_URL: broken } });
  await cli(register, 4, { stdin: password, env: { ...base, DATABASE_URL: wrongUrl } });

  const serving = { ...base, ...kafka, ...redis, FLUENTMEET_BCRYPT_COST: '12' };
  await cli(['serve', '--port', String(port)], 1, { env: serving });
  await cli(['serve', '--wait', '0s'], 4, { env: { ...serving, DATABASE_URL: wrongUrl } });
  await cli(['serve'], 2, { env: { ...serving, FLUENTMEET_SECRET: secret.slice(0, 31) } });
  await cli(['serve'], 2, { env: { ...serving, FLUENTMEET_BCRYPT_COST: '4' } });
  await cli(['serve'], 2, {
    env: {
      ...serving,
      KAFKA_SASL_MECHANISM: saslPassword,
      REDIS_URL: redisPassword,
      DATABASE_URL: password,
      PORT: password,
      FLUENTMEET_PUBLIC_URL: `https://a:${saslPassword}@x.example`,
      FLUENTMEET_TRUST_PROXY: secret,
      KAFKA_BROKERS: saslPassword,
    },
  });
  await cli(['relay'], 4, { env: { ...serving, DATABASE_URL: wrongUrl } });
  await writeFile(
    path.join(folder, '.env'),
    `DATABASE_URL="${wrongUrl}\nFLUENTMEET_SECRET=${secret}\n${password}\n`,
  );
  const { DATABASE_URL: _, ...withoutUrl } = base;
  await cli(['migrate', 'status'], [1, 2, 4], { env: withoutUrl });
  await rm(path.join(folder, '.env'));
}

interface CliOptions {
  env?: Record<string, string>;
  stdin?: string;
  allowed?: Allowed;
}

function takesJson([command]: readonly string[]): boolean {
  return command !== 'serve' && command !== 'relay' && command !== 'dev';
}

/** What people mistype in a connection string, with the password still in it. */
function brokenUrls(url: string): string[] {
  const { username, password, host, pathname } = new URL(url);
  const login = `${username}:${password}`;
  return [
    `postgres://${login}@${host}/nowhere`,
    `postgres://${login}@127.0.0.1:1${pathname}`,
    `postgres://${login}@nowhere.invalid${pathname}`,
    `postgres://${login}@${host}:99999${pathname}`,
    `postgres://${username}:%zz${password}@${host}${pathname}`,
    `postgres://${username}:${decodeURIComponent(password)}/#@${host}${pathname}`,
    `postgres:${login}@${host}${pathname}`,
    `mysql://${login}@${host}${pathname}`,
    `${url}?sslrootcert=/nowhere`,
    `${url}?options=nonsense`,
    `postgres://${username}:12345#${password}@${host}${pathname}`,
    `postgres://${host}${pathname}?user=${username}&password=${password}x`,
    `"${url}"`,
  ];
}
