import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { startChromium } from '../support/chromium.js';
import { type Host, migratedDatabase, query, signedUp, startHost, stopAll } from './test-host.js';

/** As many a host has it: a form is taken only from a page of the same origin. */
const csrfGuard: RequestHandler = (req, res, next) => {
  if (req.method !== 'POST' || req.headers.origin === `http://${req.headers.host}`) next();
  else res.status(403).send(`host: forged, Origin: ${req.headers.origin}`);
};

describe('the verification pages in a browser', function () {
  this.timeout(60_000);
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let host: Host;
  const complaints: string[] = [];
  const requested: string[] = [];

  before(async function () {
    browser = await startChromium(this);
    host = await startHost(await migratedDatabase(), { before: [csrfGuard] });
    // Without script: the pages have to work for everyone.
    context = await browser.newContext({ javaScriptEnabled: false });
    page = await watched(context);
  });
  after(async () => {
    await browser?.close();
    await stopAll();
  });
  afterEach(() => {
    expect(complaints.filter((text) => !/status of 40\d/.test(text))).to.deep.equal([]);
    expect(requested.filter((url) => new URL(url).origin !== new URL(host.url).origin)).to.deep.equal([]);
  });

  async function watched(of: BrowserContext): Promise<Page> {
    const opened = await of.newPage();
    opened.on('console', (message) => complaints.push(message.text()));
    opened.on('request', (request) => requested.push(request.url()));
    return opened;
  }

  const open = (token: string) => page.goto(`${host.url}/verify-email?token=${token}`);
  const title = () => page.getByRole('heading', { level: 1 }).innerText();
  const press = (name: string) => page.getByRole('button', { name }).click();

  it('confirm by the keyboard, past a CSRF guard, and leave no token in the address', async () => {
    const { email, token } = await signedUp(host);
    await open(token);
    expect(await title()).to.equal('Confirm your email address');
    expect(await page.title()).to.equal('Confirm your email address · FluentMeet');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('you can log in').waitFor();
    expect(await title()).to.equal('Your email address is confirmed');
    expect(page.url()).not.to.include(token);
    expect((await host.fluentmeet.findUserByEmail(email))?.is_verified).to.equal(true);
    await open(token);
    expect(await title()).to.equal('Already confirmed');
  });

  it('remove the account that was not mine', async () => {
    const { email, token } = await signedUp(host);
    await open(token);
    await press('This wasn’t me');
    expect(await title()).to.equal('Remove this account?');
    await press('Remove the account');
    expect(await title()).to.equal('The account has been removed');
    expect(await host.fluentmeet.findUserByEmail(email)).to.equal(null);
  });

  it('send a new link for an expired one', async () => {
    const { id, token } = await signedUp(host);
    await query(
      host.fluentmeet,
      `update verification_tokens set expires_at = now() - interval '1 second' where user_id = $1 returning id`,
      [id],
    );
    await open(token);
    expect(await title()).to.equal('This link has expired');
    await press('Send me a new link');
    expect(await title()).to.equal('Check your email');
  });

  it('fit a small screen, in light and dark, with their style applied', async () => {
    const { token } = await signedUp(host);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 320, height: 640 });
      await open(token);
      const box = await page.locator('main').boundingBox();
      expect(box!.x).to.be.at.least(0);
      expect(box!.x + box!.width).to.be.at.most(320);
      const button = await page.getByRole('button', { name: 'Confirm email address' }).boundingBox();
      expect(button!.height, 'the style sheet passed the policy').to.be.at.least(44);
    }
  });
});
