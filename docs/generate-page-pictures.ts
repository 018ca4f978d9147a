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
import { internalsOf } from '../src/fluentmeet.js';
import { createFluentMeet, type FluentMeet, type FluentMeetOptions } from '../src/index.js';
import { createInvite } from '../src/invites/create-invite.js';

const postgres = await startEmbeddedPostgres({
  dataDirectory: await mkdtemp(path.join(tmpdir(), 'pictures-')),
});
await mkdir('docs/pages', { recursive: true });
const links: string[] = [];
const app = express();
const brand = { loginUrl: 'https://app.example.com/login', privacyUrl: 'https://app.example.com/privacy' };
const usual = {
  database: postgres.url,
  publisher: async ({ value }) => {
    if (value.template === 'verification') links.push(value.data.verification_link);
  },
  publicUrl: 'http://127.0.0.1',
  secret: 'a secret for pictures, 32 characters or more',
  bcryptCost: 4,
  brand,
  rateLimits: { signup: 1000, verify: 1000, resend: 1000 },
  // The outages are meant.
  logger: { debug() {}, info() {}, warn() {}, error: console.error },
} satisfies FluentMeetOptions;
const fluentmeet = mount('usual', usual);
await fluentmeet.migrate();
await fluentmeet.start();
const inviting = mount('inviting', { ...usual, signup: 'invite' });
const others = [
  inviting,
  mount('closed', { ...usual, signup: 'closed' }),
  mount('proving', { ...usual, proof: 'link-and-password' }),
  mount('away', { ...usual, database: 'postgres://nobody@127.0.0.1:1/none' }),
  mount('binding', {
    ...usual,
    brand: { ...brand, termsUrl: 'https://app.example.com/terms', termsVersion: '2026-01' },
  }),
  // Nobody has a request left, for 42 seconds.
  mount('busy', {
    ...usual,
    rateLimitStore: () => ({
      increment: () => ({ totalHits: 1_000_000, resetTime: new Date(Date.now() + 42_000) }),
      decrement() {},
      resetKey() {},
    }),
  }),
];
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
for (const instance of [fluentmeet, ...others]) await instance.stop();
await postgres.stop();

function mount(name: string, options: FluentMeetOptions): FluentMeet {
  const instance = createFluentMeet(options);
  app.use(`/${name}/signup`, signupPage(instance));
  app.use(`/${name}`, authRouter(instance));
  return instance;
}

async function picture(page: Page, language: string, keep: (name: string) => Promise<unknown>) {
  const email = `ada.lovelace${people++}@example.com`;
  const password = 'a few words of my own';
  const open = (path: string, parameters: Record<string, string> = {}) =>
    page.goto(`${origin}${path}?${new URLSearchParams({ ...parameters, lang: language }).toString()}`);
  const submit = () => page.locator('form#signup button[type=submit]').click();
  const signUp = async (instance: FluentMeet, name?: string) => {
    const address = `ada.lovelace${people++}@example.com`;
    await instance.signUp({ email: address, password, full_name: name, speaking_language: language });
    return mailedToken();
  };
  await open('/usual/signup');
  await keep('signup');
  await page.locator('#email').fill('ada@');
  await page.locator('#password').fill('short');
  await submit();
  await page.locator('.faults').waitFor();
  await keep('faults');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(password);
  await submit();
  await page.locator('[data-key]').waitFor();
  await keep('check');
  const token = await mailedToken();
  await open('/usual/signup');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(password);
  await submit();
  await page.locator('bdi', { hasText: email }).waitFor();
  await keep('taken');
  for (const name of ['busy', 'away']) {
    await open(`/${name}/signup`);
    await page.locator('#email').fill(email);
    await page.locator('#password').fill(password);
    await page.locator('#full_name').fill('Ada Lovelace');
    await submit();
    await page.locator('.faults').waitFor();
    await keep(`signup-${name}`);
  }
  await open('/closed/signup');
  await keep('closed');
  await open('/inviting/signup', { invite: 'fmi_none' });
  await keep('invite-not-valid');
  const { token: invite } = await createInvite(internalsOf(inviting), { domain: 'example.com' });
  await open('/inviting/signup', { invite });
  await keep('invite');
  await open('/binding/signup');
  await keep('terms');
  await open('/usual/verify-email', { token: 'none' });
  await keep('not-valid');
  for (const name of ['busy', 'away']) {
    await open(`/${name}/verify-email`, { token });
    await keep(name);
  }
  await open('/usual/verify-email', { token });
  await keep('confirm');
  await page.locator('.aside button').click();
  await keep('remove');
  await page.locator('button.second').click();
  await page.locator('button.first').click();
  await keep('verified');
  const mine = await signUp(fluentmeet);
  await open('/usual/verify-email', { token: mine });
  await page.locator('.aside button').click();
  await page.locator('button.first').click();
  await keep('removed');
  await open('/proving/verify-email', { token: await signUp(fluentmeet, 'Ada Lovelace') });
  await keep('proof');
  await page.locator('#new_password').fill('short');
  await page.locator('#full_name').fill('Ada L.');
  await page.locator('#replace button[type=submit]').click();
  await page.locator('.fault').waitFor();
  await keep('proof-faults');
}

async function mailedToken(): Promise<string> {
  let link: string | undefined;
  while ((link = links.pop()) === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  return new URL(link).searchParams.get('token') as string;
}

/** As WebP, which Playwright itself does not make and which is a quarter of a PNG. */
async function writePicture(page: Page, file: string): Promise<void> {
  // Off every button.
  await page.mouse.move(0, 0);
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
