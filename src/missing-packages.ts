import { ownRequire } from './own-require.js';

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
