/** What one area of the hostile client came to: a line of the table. */
export interface AreaReport {
  area: string;
  cases: number;
  asExpected: number;
  /** What was measured, in a few words. */
  figures: string;
  /** What was not as expected. */
  faults: string[];
  /** Why nothing was run. */
  pending?: string;
}

export interface Tally {
  /** One case: as expected where `fault` is null. */
  count(name: string, fault: string | null): void;
  /** One case that is a yes or no. */
  check(name: string, holds: boolean, otherwise?: string): void;
  report(figures: string): AreaReport;
}

export function createTally(area: string): Tally {
  const faults: string[] = [];
  let cases = 0;
  const tally: Tally = {
    count(name, fault) {
      cases += 1;
      if (fault !== null) faults.push(`${name}: ${fault}`);
    },
    check: (name, holds, otherwise = 'is not so') => tally.count(name, holds ? null : otherwise),
    report: (figures) => {
      // An emptied list of cases must not read like one that passed.
      if (cases === 0) tally.check('the area', false, 'had no case to run');
      return { area, cases, asExpected: cases - faults.length, figures, faults };
    },
  };
  return tally;
}

export function pendingArea(area: string, reason: string): AreaReport {
  return { area, cases: 0, asExpected: 0, figures: '', faults: [], pending: reason };
}

/** For mocha: throws with every fault of the report. */
export function requireAsExpected(report: AreaReport): void {
  if (report.faults.length > 0) {
    throw new Error(
      `${report.faults.length} of ${report.cases} not as expected:\n${report.faults.join('\n')}`,
    );
  }
}
