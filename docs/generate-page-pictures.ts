/** Makes the pictures of docs/pages, in a Chromium of this machine: npm run docs:pages */
import { once } from 'node:events';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { chromium, type Page } from 'playwright-core';
import { startEmbeddedPostgres } from '../src/dev/embedded-postgres.js';
import { authRouter, signupPage } from '../src/http/index.js';
import { createFluentMeet } from '../src/index.js';

const postgres = await startEmbeddedPostgres({
  dataDirectory: await mkdtemp(path.join(tmpdir(), 'pictures-')),
});
await mkdir('docs/pages', { recursive: true });
const links: string[] = [];
const fluentmeet = createFluentMeet({
  database: postgres.url,
  publisher: async ({ value }) => {
    if (value.template === 'verification') links.push(value.data.verification_link);
  },
  publicUrl: 'http://127.0.0.1',
  secret: 'a secret for pictures, 32 characters or more',
  bcryptCost: 4,
  brand: { loginUrl: 'https://app.example.com/login', privacyUrl: 'https://app.example.com/privacy' },
  rateLimits: { signup: 1000, verify: 1000, resend: 1000 },
});
await fluentmeet.migrate();
await fluentmeet.start();
const app = express();
app.use('/signup', signupPage(fluentmeet));
app.use('/api/v1/auth', authRouter(fluentmeet));
const server = createServer(app).listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const sizes = { phone: { width: 360, height: 640 }, desktop: { width: 1000, height: 760 } };
let people = 0;

for (const [size, viewport] of Object.entries(sizes)) {
  for (const language of ['en', 'ar', 'ja']) {
    const page = await browser.newPage({ viewport, locale: language });
    const keep = (name: string) => writePicture(page, `docs/pages/${name}-${language}-${size}.webp`);
    await picture(page, language, keep);
    await page.close();
  }
}
await browser.close();
server.close();
await fluentmeet.stop();
await postgres.stop();

async function picture(page: Page, language: string, keep: (name: string) => Promise<unknown>) {
  const email = `ada${Date.now()}-${people++}@example.com`;
  const submit = () => page.locator('form#signup button[type=submit]').click();
  await page.goto(`${origin}/signup?lang=${language}`);
  await keep('signup');
  await page.locator('#email').fill('ada@');
  await page.locator('#password').fill('short');
  await submit();
  await page.locator('.faults').waitFor();
  await keep('faults');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill('a few words of my own');
  await submit();
  await page.locator('[data-key]').waitFor();
  await keep('check');
  while (links.length === 0) await page.waitForTimeout(50);
  const token = new URL(links.pop() as string).searchParams.get('token') as string;
  await page.goto(`${origin}/signup?lang=${language}`);
  await page.locator('#email').fill(email);
  await page.locator('#password').fill('a few words of my own');
  await submit();
  await page.locator('bdi', { hasText: email }).waitFor();
  await keep('taken');
  const verify = `${origin}/api/v1/auth/verify-email?lang=${language}`;
  await page.goto(`${verify}&token=none`);
  await keep('not-valid');
  await page.goto(`${verify}&token=${token}`);
  await keep('confirm');
  await page.locator('.aside button').click();
  await keep('remove');
  await page.locator('button.second').click();
  await page.locator('button.first').click();
  await keep('verified');
}

/** As WebP, which Playwright itself does not make and which is a quarter of a PNG. */
async function writePicture(page: Page, file: string): Promise<void> {
  const { width, height } = (await page.evaluate(
    '({ width: innerWidth, height: document.documentElement.scrollHeight })',
  )) as { width: number; height: number };
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 50,
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width, height, scale: 0.6 },
  });
  await writeFile(file, Buffer.from(data, 'base64'));
}
