import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The shell between us and the server. It hands out the server's pid on its stdout, and it holds the
 * reading end of a pipe from us: end of file there means that we are gone (`kill -9` included) or let
 * go, and ends the server. CONT, because a stopped process would sleep through the signal. Once we are
 * gone, writing to us would kill the shell too: it falls silent before it waits.
 */
const SCRIPT = `
signal=$1 last=$2; shift 2
exec 3<&0
"$@" 3<&- </dev/null >&2 &
server=$!
echo "$server"
(
  read -r _ <&3
  kill -s "$signal" "$server"; kill -s CONT "$server"
  sleep 10
  kill -s "$last" "$server"
) >/dev/null 2>&1 </dev/null &
exec 3<&- >/dev/null 2>&1
wait "$server"; status=$?
trap '' TERM; kill -s TERM 0
exit "$status"
`;

const TAIL_LENGTH = 4000;

export interface LifelineOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number | undefined;
  gid?: number | undefined;
  /** What asks the server to end, and what makes it end ten seconds later. */
  signals: { ask: 'INT' | 'TERM' | 'KILL'; insist: 'QUIT' | 'TERM' | 'KILL' };
}

export type LifelineProcess = Awaited<ReturnType<typeof spawnWithLifeline>>;

/**
 * Starts a server that cannot outlive this process. It does not keep the event loop alive, and it has a
 * session of its own, so that Ctrl-C in a terminal reaches this process alone, which then stops it.
 */
export async function spawnWithLifeline(command: readonly string[], options: LifelineOptions) {
  const { ask, insist } = options.signals;
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ask, insist, ...command], {
    cwd: options.cwd,
    env: options.env,
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });

  let tail = '';
  shell.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-TAIL_LENGTH);
  });
  shell.stdin.on('error', () => undefined);

  let ended = false;
  const exited = new Promise<void>((resolve) => {
    const finish = () => {
      ended = true;
      resolve();
    };
    shell.once('close', finish);
    // A grandchild that still holds the pipe must not hold us.
    shell.once('exit', () => void sleep(250).then(finish));
    shell.once('error', (error) => {
      tail += error.message;
      finish();
    });
  });

  const pid = await Promise.race([
    new Promise<number>((resolve) => shell.stdout.once('data', (line: Buffer) => resolve(Number(line)))),
    exited.then(() => undefined),
  ]);
  if (pid === undefined) throw new Error(`${command[0]} could not be started: ${tail.trim()}`);

  shell.unref();
  for (const stream of [shell.stdin, shell.stdout, shell.stderr]) (stream as unknown as Socket).unref();

  return {
    /** The server's own process id. */
    pid,
    exited,
    hasExited: () => ended,
    /** The last 4,000 characters of what the server wrote. */
    output: () => tail,
    /** Ends the server as our own death would, and waits for it. */
    async stop(): Promise<void> {
      if (!ended) shell.ref();
      shell.stdin.destroy();
      await exited;
    },
  };
}
