import { createRequire } from 'node:module';

/**
 * Finds packages from where this module lies: bundled into CommonJS, which has no `import.meta`, from where the program
 * does that runs.
 */
export function ownRequire(): NodeJS.Require {
  const { url } = import.meta as { url: string | undefined };
  return createRequire(url ?? process.argv[1] ?? `${process.cwd()}/`);
}
