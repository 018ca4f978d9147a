import { missingPackages } from '../../options/missing-packages.js';
import { UsageError } from '../cli-error.js';

/** What this package leaves to whoever sets the variable to install. */
const packages = { REDIS_URL: '@redis/client', SMTP_URL: 'nodemailer' } as const;

/** @throws UsageError that names it where it is missing: at the start, not at the first mail */
export function requirePackageOf(variable: keyof typeof packages, missing = missingPackages): void {
  const [name] = missing([packages[variable]]);
  if (name === undefined) return;
  throw new UsageError(
    `${variable} is set, and the package ${name} is not installed`,
    `Install it: npm install ${name}. Or unset ${variable}.`,
  );
}
