import { existsSync } from 'node:fs';
import type { Context as MochaContext } from 'mocha';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { isRequired, skipFor } from './skip.js';

export const chromiumPath = [
  process.env['CHROMIUM_PATH'],
  // Without a window and what belongs to one: half the processor's time.
  '/usr/bin/chromium-headless-shell',
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
  if (!chromiumPath) {
    const reason = 'no Chromium found: set CHROMIUM_PATH';
    if (isRequired()) throw new Error(reason);
    skipFor(suite, reason);
  }
  return chromium.launch({ executablePath: chromiumPath, args: quiet });
}

/** Spares each page of the context the time to be handed axe. */
export async function withAxe(context: BrowserContext): Promise<void> {
  await context.addInitScript({ content: axe.source });
}

/** What axe finds against WCAG 2.2 AA and its own best practices, a line a fault. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(axe.source);
  const options = JSON.stringify({ runOnly: rules, resultTypes: ['violations'] });
  // What it finds right is long, and nobody reads it.
  const violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] =
    await page.evaluate(`axe.run(${options}).then(({ violations }) => violations)`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
  );
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
