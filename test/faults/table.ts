import type { Played } from './play-rows.js';

type Column = [title: string, value: (played: Played) => string];

const columns: Column[] = [
  ['row', ({ row }) => row.title],
  ['201', ({ result }) => count(result?.created)],
  ['503', ({ result }) => count(result?.unavailable)],
  ['users', ({ result }) => count(result?.audit.users)],
  ['events', ({ result }) => count(result?.audit.events)],
  ['lost', ({ result }) => lost(result)],
  ['duplicates', ({ result }) => duplicates(result)],
  ['p99 ms', ({ result }) => milliseconds(result?.p99)],
  ['fault-free', ({ result }) => milliseconds(result?.faultFreeP99)],
  ['slowest ms', ({ result }) => milliseconds(result?.slowest)],
  ['back after', ({ result }) => (result ? `${result.recovered.toFixed(1)} s` : '')],
  ['', ({ faults }) => (faults.length === 0 ? 'ok' : `FAILED: ${faults.join('; ')}`)],
];

/** One line of the table, in Markdown. */
export function tableLine(played: Played): string {
  return `| ${columns.map(([, value]) => value(played).replaceAll(/\s*\n\s*/g, ' ')).join(' | ')} |`;
}

export function tableHead(): string {
  return [
    `| ${columns.map(([title]) => title).join(' | ')} |`,
    `| ${columns.map(([title], index) => (index === 0 || title === '' ? '---' : '---:')).join(' | ')} |`,
  ].join('\n');
}

function count(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

/** Nothing was measured where a fault has no length, or has it from the start to the end. */
function milliseconds(value: number | undefined): string {
  return value ? String(Math.round(value)) : '–';
}

function lost(result: Played['result']): string {
  if (!result) return '';
  const { lost, forgotten } = result.audit;
  return forgotten === 0 ? String(lost) : `${lost}, ${forgotten} accounts forgotten`;
}

function duplicates(result: Played['result']): string {
  if (!result) return '';
  const { duplicates, severalEvents } = result.audit;
  if (duplicates === 0) return '0';
  return `${duplicates}, ${severalEvents === 0 ? 'same event id' : 'several event ids'}`;
}
