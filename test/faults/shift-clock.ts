/**
 * Preload that puts this process's clock wrong by FAULTS_CLOCK_SHIFT milliseconds, as a machine without NTP would.
 * FAULTS_CLOCK_JUMPS milliseconds after its start, and as long again and again, it is right, and then wrong once more.
 * Only the clock of the day: `performance.now()` and timers run on, as they do there.
 */
const shift = Number(process.env['FAULTS_CLOCK_SHIFT'] ?? 0);
const jumps = Number(process.env['FAULTS_CLOCK_JUMPS'] ?? 0);
const RealDate = Date;

function now(): number {
  const isRight = jumps > 0 && Math.floor(performance.now() / jumps) % 2 === 1;
  return RealDate.now() + (isRight ? 0 : shift);
}

class ShiftedDate extends RealDate {
  constructor(...parts: unknown[]) {
    if (parts.length === 0) super(now());
    else super(...(parts as [number]));
  }

  static override now(): number {
    return now();
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
