/** Makes the pictures of docs/mails from the mails themselves, in a Chromium of this machine: npm run docs:mails */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { renderEmail } from '../src/mail/render-email.js';
import { templateNames } from '../src/outbox/templates.js';
import { sampleEmail } from '../src/outbox/sample-email.js';

const folder = fileURLToPath(new URL('mails/', import.meta.url));
const names = { en: 'Ada Lovelace', ar: 'سارة الحسيني', ja: '山田 花子' };
const width = 600;
const now = new Date('2026-03-14T14:05:00Z');
const link = 'https://app.example.com/api/v1/auth/verify-email?token=0f8fad5b-d9cb-869f-a165-70867728950e';
const brand = { loginUrl: 'https://app.example.com/login', supportUrl: 'mailto:help@example.com' };

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 100 } });
  for (const [language, full_name] of Object.entries(names)) {
    for (const template of templateNames) {
      const { value, headers } = sampleEmail({ template, language, full_name });
      if (value.template === 'verification') value.data.verification_link = link;
      const expiresAt = headers['expires-at'] && new Date(now.getTime() + 86_400_000);
      await page.setContent(renderEmail(value, { language, brand, now, expiresAt }).html);
      await writeFile(`${folder}${template}.${language}.${colorScheme}.webp`, await picture(page));
    }
  }
}
await browser.close();

/** As WebP, which Playwright itself does not make and which is a quarter of a PNG. */
async function picture(page: Page): Promise<Buffer> {
  const height = (await page.evaluate('document.documentElement.offsetHeight')) as number;
  await page.setViewportSize({ width, height });
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
  return Buffer.from(data, 'base64');
}
