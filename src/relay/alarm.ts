/** Sleep that can be cut short; a ring while nobody sleeps cuts the next sleep short. */
export interface Alarm {
  sleep(milliseconds: number): Promise<void>;
  /** Sleep that a ring does not cut short, only `stop` does. The ring is kept. */
  sleepThroughWakes(milliseconds: number): Promise<void>;
  ring(): void;
  /** Ends this sleep and every later one. */
  stop(): void;
  readonly stopped: boolean;
}

export function createAlarm(): Alarm {
  let rung = false;
  let stopped = false;
  let wakeUp: ((cause: 'ring' | 'stop') => void) | undefined;

  function sleepFor(milliseconds: number, wakesOnRing: boolean): Promise<void> {
    if (stopped || (wakesOnRing && rung)) {
      if (wakesOnRing) rung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        wakeUp = undefined;
        if (wakesOnRing) rung = false;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      wakeUp = (cause) => {
        if (wakesOnRing || cause === 'stop') end();
      };
    });
  }

  return {
    sleep: (milliseconds) => sleepFor(milliseconds, true),
    sleepThroughWakes: (milliseconds) => sleepFor(milliseconds, false),
    ring() {
      rung = true;
      wakeUp?.('ring');
    },
    stop() {
      stopped = true;
      wakeUp?.('stop');
    },
    get stopped() {
      return stopped;
    },
  };
}
