/**
 * Preload that puts this process's clock wrong by FAULTS_CLOCK_SHIFT milliseconds, as a machine without NTP would.
 * Only the clock of the day: `performance.now()` and timers run on, as they do there.
 */
const shift = Number(process.env['FAULTS_CLOCK_SHIFT'] ?? 0);
const RealDate = Date;

class ShiftedDate extends RealDate {
  constructor(...parts: unknown[]) {
    if (parts.length === 0) super(RealDate.now() + shift);
    else super(...(parts as [number]));
  }

  static override now(): number {
    return RealDate.now() + shift;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
