import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const POM = path.resolve('test/support/kafka/pom.xml');
const CACHE = path.resolve('.cache/kafka');

/**
 * The class path of a real Apache Kafka, which Maven fetches once for every version of the pom. An
 * interrupted fetch leaves nothing under the final name.
 *
 * @throws Error saying what is missing: Java 17, or Maven, or the network
 */
export async function kafkaClassPath(): Promise<string> {
  await requireJava();
  const key = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(CACHE, key);
  if (!existsSync(folder)) await fetchInto(folder);
  return path.join(folder, '*');
}

async function requireJava(): Promise<void> {
  const { stderr } = await run('java', ['-version']).catch((cause: unknown) => {
    throw new Error('java is not installed', { cause });
  });
  const version = /version "(\d+)/.exec(stderr)?.[1];
  if (version !== undefined && Number(version) < 17)
    throw new Error(`Java ${version} is too old: 17 is needed`);
}

async function fetchInto(folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const draft = `${folder}.draft-${process.pid}`;
  const args = ['-B', '-q', '-f', POM, 'dependency:copy-dependencies', '-DincludeScope=runtime'];
  const fetching = () => run('mvn', [...args, `-DoutputDirectory=${draft}`], { timeout: 600_000 });
  try {
    // A mirror that falters is asked again, for what it has not given yet.
    await fetching().catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw error;
      await fetching();
    });
    await rename(draft, folder);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    const { code, stdout } = cause as { code?: string; stdout?: string };
    if (['ENOTEMPTY', 'EEXIST'].includes(code ?? '')) return; // another run was faster
    if (code === 'ENOENT') throw new Error('mvn is not installed', { cause });
    throw new Error(`mvn could not fetch Kafka: ${stdout?.trim().slice(-1000)}`, { cause });
  }
}
