import type { LifelineProcess } from '../../src/dev/lifeline.js';
import { atEnd } from './at-end.js';
import { freezeAll, signalAll, untilEnded } from './processes.js';

/** A server that one test owns and may break. */
export interface OwnServer {
  /** Of the last start. */
  readonly pid: number;
  /** SIGKILL: a crash. */
  kill(): Promise<void>;
  /** Starts again on the same port and data. */
  start(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Ends it; the data stays until the end of the run. */
  stop(): Promise<void>;
}

/** Starts the server, and again whenever the test asks. Ends with the run at the latest. */
export async function ownServer(launch: () => Promise<LifelineProcess>): Promise<OwnServer> {
  let server = await launch();
  const own: OwnServer = {
    get pid() {
      return server.pid;
    },
    async kill() {
      signalAll([server.pid], 'SIGKILL');
      await untilEnded([server.pid]);
      await server.stop();
    },
    async start() {
      if (!server.hasExited()) throw new Error('it still runs');
      server = await launch();
    },
    freeze: () => freezeAll([server.pid]),
    thaw: () => signalAll([server.pid], 'SIGCONT'),
    stop: () => server.stop(),
  };
  atEnd(() => own.stop());
  return own;
}
