import { type TerminalStream, widthOf } from './io.js';

export interface Progress {
  update(done: number, total?: number): void;
  end(): void;
}

const barWidth = 24;
const redrawInterval = 50;

/** A bar that redraws itself in place; nothing at all where the stream is not a terminal. */
export function createProgress(stream: TerminalStream, label: string, total: number): Progress {
  if (!stream.isTTY) return { update() {}, end() {} };
  let drawnAt = -Infinity;
  let most = total;
  let isShown = false;
  const draw = (done: number): void => {
    const share = most === 0 ? 1 : Math.min(1, done / most);
    const filled = Math.round(share * barWidth);
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
    const line = `${label} ${bar} ${done}/${most}`;
    // A line wider than the terminal would wrap and leave its upper half behind.
    stream.write(`\r\u001b[K${line.slice(0, widthOf(stream) - 1)}`);
    drawnAt = performance.now();
    isShown = true;
  };
  draw(0);
  return {
    update(done, newTotal = most) {
      most = newTotal;
      if (performance.now() - drawnAt >= redrawInterval || done >= most) draw(done);
    },
    end() {
      if (isShown) stream.write('\r\u001b[K');
      isShown = false;
    },
  };
}
