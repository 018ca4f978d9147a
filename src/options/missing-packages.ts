import type { z } from 'zod';
import { ownRequire } from '../own-require.js';

/**
 * Those of the names that are not installed beside this package. What only some hosts need is an optional peer, and
 * whoever asks for it is told at the start, not by the first email or password.
 */
export function missingPackages(names: readonly string[]): string[] {
  const require = ownRequire();
  return names.filter((name) => {
    try {
      require.resolve(name);
      return false;
    } catch {
      return true;
    }
  });
}

/** A check of an option: these packages are installed, where it is set so. */
export function needsPackages<Value>(names: readonly string[], where: (value: Value) => boolean) {
  return (value: Value, context: z.core.$RefinementCtx): void => {
    const missing = where(value) ? missingPackages(names) : [];
    if (missing.length === 0) return;
    const message = `needs what is not installed: npm install ${missing.join(' ')}`;
    context.addIssue({ code: 'custom', message });
  };
}
