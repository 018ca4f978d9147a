import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { FluentMeetOptions } from '../../src/index.js';
import { isRequired } from '../support/skip.js';
import { type AreaReport, createTally, pendingArea } from './area.js';
import { type HostileHost, startHostileHost } from './hostile-host.js';

const run = promisify(execFile);
const area = 'OpenAPI (schemathesis)';
const requirements = path.resolve('test/hostile/requirements.txt');
const cache = path.resolve('.cache/hostile');

/** Which passwords are too common or too weak no schema says, so that all but one take every one of the right form. */
const configurations: Readonly<Record<string, Partial<FluentMeetOptions>>> = {
  'as it comes': { passwordBlocklist: false },
  'duplicates concealed, three languages': {
    duplicates: 'conceal',
    languages: ['en', 'fr', 'zh-Hant'],
    passwordBlocklist: false,
  },
  'by invite': { signup: 'invite', passwordBlocklist: false },
  closed: { signup: 'closed' },
  'with a proof and a challenge': {
    proof: 'link-and-password',
    challenge: 'altcha',
    passwordBlocklist: false,
  },
};

export interface OpenApiFuzz {
  /** Made for each operation. */
  examples: number;
  /** The first two configurations, and the same requests every time: for where a run is waited for. */
  short?: boolean;
}

/** Whatever schemathesis makes of the OpenAPI document, sent to a server that serves it: nothing but what it says. */
export async function runOpenApiFuzz({ examples, short = false }: OpenApiFuzz): Promise<AreaReport> {
  let schemathesis: string;
  try {
    schemathesis = await install();
  } catch (error) {
    if (isRequired()) throw error;
    return pendingArea(area, (error as Error).message);
  }
  const tally = createTally(area);
  let generated = 0;
  const chosen = Object.entries(configurations).slice(0, short ? 2 : undefined);
  for (const [name, options] of chosen) {
    const host = await startHostileHost({ options });
    try {
      const result = await fuzz(schemathesis, host, [
        '--max-examples',
        String(examples),
        ...(short ? ['--generation-deterministic'] : ['--generation-database', 'none']),
      ]);
      generated += result.generated;
      tally.count(name, result.fault);
      const failed = host.logger.entries.filter(({ level }) => level === 'error');
      tally.check(`${name}: nothing failed inside`, failed.length === 0, JSON.stringify(failed[0]));
    } finally {
      await host.stop();
    }
  }
  return tally.report(`${generated} requests in ${chosen.length} configurations`);
}

/** Into a virtual environment of its own, once for every version of the requirements. @throws Error saying what is missing */
async function install(): Promise<string> {
  const key = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(cache, `schemathesis-${key}`);
  const command = path.join(folder, 'bin/schemathesis');
  if (existsSync(path.join(folder, 'complete'))) return command;
  await rm(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder]).catch((cause: unknown) => {
    throw new Error('Python 3 with venv is not installed', { cause });
  });
  const python = path.join(folder, 'bin/python');
  await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], {
    timeout: 300_000,
  }).catch((cause: unknown) => {
    throw new Error('pip could not install schemathesis', { cause });
  });
  // An interrupted installation is begun again.
  await writeFile(path.join(folder, 'complete'), '');
  return command;
}

/**
 * What depends on more than the request's form no JSON schema says: which tokens there are, and whether an
 * Idempotency-Key came before with another signup. And what mail programs do to a token is undone: one that the schema
 * refuses for what stands around it is taken.
 */
const settings = `
[[operations]]
include-path = "/api/v1/auth/verify-email"
[operations.checks]
positive_data_acceptance.enabled = false
negative_data_rejection.enabled = false

[[operations]]
include-path = "/api/v1/auth/signup"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", "403", "409", "422", "429"]
`;

interface Fuzzed {
  generated: number;
  fault: string | null;
}

async function fuzz(schemathesis: string, host: HostileHost, flags: readonly string[]): Promise<Fuzzed> {
  const { origin } = new URL(host.url);
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-schemathesis-'));
  try {
    await writeFile(path.join(folder, 'schemathesis.toml'), settings);
    const outcome = await run(
      schemathesis,
      [
        ...['run', `${origin}/openapi.json`, '--url', origin, '--no-color', '--continue-on-failure'],
        ...['--request-timeout', '20', ...flags],
      ],
      { cwd: folder, timeout: 600_000, maxBuffer: 64 * 1024 * 1024 },
    ).then(
      ({ stdout }) => ({ stdout, failed: false }),
      (error: { stdout?: string; stderr?: string; message: string }) => ({
        stdout: error.stdout || (error.stderr ?? error.message),
        failed: true,
      }),
    );
    const generated = Number(/(\d+) generated/.exec(outcome.stdout)?.[1] ?? 0);
    const fault = outcome.failed
      ? outcome.stdout.slice(-3_000)
      : generated < 50
        ? `only ${generated} requests`
        : null;
    return { generated, fault };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
