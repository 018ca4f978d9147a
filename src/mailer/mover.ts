import { withDeadline } from '../deadline.js';
import { describeError, type Logger } from '../logger.js';

/** At a stop: no request is begun later than this, and none waited for longer than twice as long. */
const stopPatience = 2_000;

export interface MoverOptions {
  /** Moves what is held up (`WaitingRoom`), as long as there is time. */
  move: (isOver: () => boolean) => Promise<void>;
  /** Milliseconds from one time to the next. */
  every: number;
  logger: Logger;
}

/** Moves again and again what is held up, never twice at once: it would stand on the topic twice. */
export function createMover({ move, every, logger }: MoverOptions) {
  let timer: NodeJS.Timeout | undefined;
  let moving: Promise<void> | undefined;
  let endsAt = Infinity;
  let isTold = false;

  async function run(): Promise<void> {
    try {
      await move(() => performance.now() > endsAt);
      isTold = false;
    } catch (error) {
      if (!isTold) {
        logger.error(
          { event: 'mailer.move-failed', error: describeError(error) },
          'What waits could not be moved behind what is done: a restart would send the latter again',
        );
      }
      isTold = true;
    }
  }

  return {
    start(): void {
      timer = setInterval(() => {
        moving ??= run().finally(() => (moving = undefined));
      }, every);
    },
    /** For the last time. */
    async stop(): Promise<void> {
      clearInterval(timer);
      endsAt = performance.now() + stopPatience;
      const last = (async () => {
        await moving;
        await run();
      })();
      await withDeadline(last, 2 * stopPatience, 'moving what waits').catch(() => undefined);
    },
  };
}
