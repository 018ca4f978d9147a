import type { AreaReport } from './area.js';

const headings = ['area', 'cases', 'as expected', 'figures', 'result'];

/** The closing table, and below it what was not as expected. */
export function renderTable(reports: readonly AreaReport[]): string {
  const rows = [headings, ...reports.map(toRow)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  const faults = reports.flatMap(({ area, faults }) => faults.map((fault) => `${area}: ${fault}`));
  return [...lines, ...(faults.length > 0 ? ['', 'Not as expected:', ...faults] : [])].join('\n');
}

function toRow({ area, cases, asExpected, figures, faults, pending }: AreaReport): string[] {
  if (pending !== undefined) return [area, '-', '-', pending, 'pending'];
  return [area, String(cases), String(asExpected), figures, faults.length === 0 ? 'ok' : 'FAILED'];
}
