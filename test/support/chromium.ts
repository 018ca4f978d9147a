import { existsSync } from 'node:fs';
import type { Context as MochaContext } from 'mocha';
import { type Browser, chromium } from 'playwright-core';
import { isRequired, skipFor } from './skip.js';

const executablePath = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== undefined && existsSync(path));

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real browser. Where there is none the suite that asks is skipped, and fails where it is required. */
export async function startChromium(suite: MochaContext): Promise<Browser> {
  if (!executablePath) {
    const reason = 'no Chromium found: set CHROMIUM_PATH';
    if (isRequired()) throw new Error(reason);
    skipFor(suite, reason);
  }
  return chromium.launch({ executablePath, args: quiet });
}
