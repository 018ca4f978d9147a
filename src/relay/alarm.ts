/** Sleep that can be cut short; a ring while nobody sleeps cuts the next sleep short. */
export type Alarm = ReturnType<typeof createAlarm>;

export function createAlarm() {
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
    sleep: (milliseconds: number) => sleepFor(milliseconds, true),
    /** Sleep that a ring does not cut short, only `stop` does. The ring is kept. */
    sleepThroughWakes: (milliseconds: number) => sleepFor(milliseconds, false),
    ring(): void {
      rung = true;
      wakeUp?.('ring');
    },
    /** Ends this sleep and every later one. */
    stop(): void {
      stopped = true;
      wakeUp?.('stop');
    },
    get stopped(): boolean {
      return stopped;
    },
  };
}
