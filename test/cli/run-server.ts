import { setTimeout as delay } from 'node:timers/promises';
import { main } from '../../src/cli/main.js';
import { createIo, type CliOptions, type TestIo } from './run-cli.js';

export interface RunningServer extends TestIo {
  /** The exit code. */
  ended: Promise<number>;
  /** The log so far. */
  events(): Record<string, unknown>[];
  /** Waits for an event in the log. */
  untilEvent(name: string): Promise<Record<string, unknown>>;
}

/** Runs a command in this process that takes its time: `serve` and `relay` until `io.signals.emit('SIGTERM')`. */
export function runServer(args: readonly string[], options: CliOptions): RunningServer {
  const test = createIo(options);
  let code: number | undefined;
  const ended = main(['node', 'fluentmeet', ...args], test.io).then((result) => (code = result));
  const events = () =>
    test.stderr.text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    ...test,
    ended,
    events,
    async untilEvent(name) {
      const deadline = performance.now() + 30_000;
      for (;;) {
        const found = events().find(({ event }) => event === name);
        if (found) return found;
        if (code !== undefined || performance.now() > deadline) {
          throw new Error(`no ${name}, ended with ${code ?? 'nothing yet'}:\n${test.stderr.text}`);
        }
        await delay(10);
      }
    },
  };
}
