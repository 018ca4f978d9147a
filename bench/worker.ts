import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of its own, so that what is measured shares no event loop with what measures it. */
export interface Worker {
  call<Result>(method: string, argument?: unknown): Promise<Result>;
  stop(): Promise<void>;
}

interface Reply {
  id: number;
  result?: unknown;
  error?: string;
}

/** Starts a file of this folder as a process, on this Node or another. It ends with ours. */
export function startWorker(
  file: string,
  { node = process.execPath, nodeOptions = [] }: { node?: string; nodeOptions?: string[] } = {},
): Worker {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    execPath: node,
    execArgv: ['--import', 'tsx', ...nodeOptions],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  let calls = 0;
  child.on('message', ({ id, result, error }: Reply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result as never);
    else call?.reject(new Error(`${file}: ${error}`));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with ${code}`));
  });
  return {
    call: (method, argument) =>
      new Promise((resolve, reject) => {
        const id = calls++;
        waiting.set(id, { resolve, reject });
        child.send({ id, method, argument });
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** In the process: answers the calls until its parent lets go. */
export function answerCalls(methods: Record<string, (argument: any) => unknown>): void {
  process.on('message', ({ id, method, argument }: { id: number; method: string; argument: unknown }) => {
    void (async () => {
      try {
        process.send?.({ id, result: await methods[method]?.(argument) });
      } catch (error) {
        process.send?.({
          id,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      }
    })();
  });
  process.on('disconnect', () => process.exit());
}
