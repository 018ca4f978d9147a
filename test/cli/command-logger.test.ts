import { expect } from 'chai';
import { createCommandLogger } from '../../src/cli/command-logger.js';
import { cellText } from '../../src/cli/terminal/cell.js';
import type { Output } from '../../src/cli/terminal/output.js';

describe('the log at a terminal', () => {
  const lineOf = (data: object): string => {
    const lines: string[] = [];
    const output = {
      note: (...cells: Parameters<Output['note']>) =>
        lines.push(cells.map((cell) => cellText(cell, false)).join('')),
    };
    const logger = createCommandLogger(output as unknown as Output, { level: 'info', operator: 'alice' });
    logger.info({ event: 'operator.relay-paused', ...data }, 'Paused');
    return lines.join('\n');
  };

  it('says one word as it is', () => {
    expect(lineOf({ reason: 'upgrade', userId: 1 })).to.match(
      /operator\.relay-paused reason=upgrade userId=1 by=alice at=\d{4}-\S+Z$/,
    );
  });

  it('takes nothing that somebody wrote for another fact', () => {
    expect(lineOf({ reason: 'x by=bob at=2020-01-01' })).to.contain(
      ' reason="x by=bob at=2020-01-01" by=alice at=',
    );
    expect(lineOf({ reason: 'say "x"' })).to.contain(' reason="say \\"x\\"" by=alice');
    expect(lineOf({ reason: 'a\tby=bob' })).to.contain(' reason="a\\tby=bob" by=alice');
    expect(lineOf({ reason: '' })).to.contain(' reason="" by=alice');
  });
});
