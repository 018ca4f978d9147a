/** One line of `fluentmeet doctor`. */
export interface Finding {
  /** Stable: what was looked at. */
  check: string;
  status: 'ok' | 'warn' | 'fail';
  message: string;
  advice?: string;
  /** Something needed did not answer: exit code 4. */
  unreachable?: true;
}

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message };
}

export function warn(check: string, message: string, advice: string): Finding {
  return { check, status: 'warn', message, advice };
}

export function fail(check: string, message: string, advice: string): Finding {
  return { check, status: 'fail', message, advice };
}

export function unreachable(check: string, message: string, advice: string): Finding {
  return { check, status: 'fail', message, advice, unreachable: true };
}
