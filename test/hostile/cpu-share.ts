import { readdirSync, readFileSync } from 'node:fs';

/** Processor time so far, in clock ticks. */
interface Ticks {
  total: number;
  idle: number;
  own: number;
}

/**
 * Tells, when it is called again, which share of the machine others took meanwhile: latencies say little about a server
 * that shares its cores with a stranger's work. NaN where the system does not say.
 */
export function watchOthers(): () => number {
  const before = readTicks();
  return () => {
    const after = readTicks();
    if (!before || !after) return Number.NaN;
    const total = after.total - before.total;
    const others = total - (after.idle - before.idle) - (after.own - before.own);
    return Math.max(0, others / total);
  };
}

/** This process and all its descendants are its own. */
function readTicks(): Ticks | undefined {
  try {
    const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] as string;
    const times = line.trim().split(/\s+/).slice(1, 9).map(Number);
    const total = times.reduce((sum, time) => sum + time, 0);
    return { total, idle: (times[3] as number) + (times[4] as number), own: ownTicks() };
  } catch {
    return undefined;
  }
}

function ownTicks(): number {
  const parents = new Map<number, number>();
  const ticks = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      parents.set(Number(name), Number(fields[1]));
      // User and system time, its own and that of the children it has waited for.
      ticks.set(
        Number(name),
        [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0),
      );
    } catch {
      // It ended while we looked.
    }
  }
  let own = 0;
  for (const [pid, used] of ticks) {
    for (let ancestor = pid; ancestor > 1; ancestor = parents.get(ancestor) ?? 0) {
      if (ancestor !== process.pid) continue;
      own += used;
      break;
    }
  }
  return own;
}
