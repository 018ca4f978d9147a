import { render } from '@inquirer/testing';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { main } from '../../src/cli/main.js';
import { createIo, type TestIo } from './run-cli.js';

export interface Prompted {
  /** Resolves with the exit code. */
  code: Promise<number>;
  stdout: TestIo['stdout'];
  type(text: string): void;
  keypress(key: string | { name: string; ctrl: boolean }): void;
  /** All that was written to stderr so far, without styles. */
  screen(): string;
  /** Waits until stderr shows this anew, since the last call. */
  see(text: string): Promise<void>;
}

/** Runs a command at a keyboard: stdin, stdout and stderr are terminals. */
export async function runPrompted(args: readonly string[], env: Record<string, string>): Promise<Prompted> {
  const { io, stdout } = createIo({ env, terminal: { stdin: true, stdout: true, stderr: true } });
  let written = '';
  let seenUpTo = 0;
  // A prompt ends its output; the terminal goes on.
  const stderr = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written += chunk.toString();
        done();
      },
    }),
    { isTTY: true, columns: 200, end: () => stderr },
  );
  // The rendering of the first prompt is ours to wait for, not render's.
  const rendered = await render<number, object>(
    (_config: object, context?: { input?: NodeJS.ReadableStream; output?: NodeJS.WritableStream }) => {
      context?.output?.write('ready');
      const input = Object.assign(context?.input as NodeJS.ReadableStream, { isTTY: true });
      return main(['node', 'fluentmeet', ...args], { ...io, stdin: input, stderr });
    },
    {},
  );
  return {
    code: rendered.answer,
    stdout,
    type: rendered.events.type,
    keypress: rendered.events.keypress,
    screen: () => stripVTControlCharacters(written),
    async see(text) {
      const deadline = performance.now() + 30_000;
      for (;;) {
        // A line that is too long is broken anywhere between two words.
        const at = stripVTControlCharacters(written).replace(/\s+/g, ' ').indexOf(text, seenUpTo);
        if (at >= 0) {
          seenUpTo = at + text.length;
          return;
        }
        if (performance.now() > deadline) {
          throw new Error(`never seen: ${text}\n${stripVTControlCharacters(written)}`);
        }
        await delay(10);
      }
    },
  };
}
