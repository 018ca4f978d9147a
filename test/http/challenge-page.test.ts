import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { signupPage } from '../../src/http/index.js';
import type { FluentMeetOptions } from '../../src/options/options.js';
import { builtInWords } from '../../src/words/words.js';
import { accessibilityFaults, startChromium } from '../support/chromium.js';
import { freshAddress, type Host, migratedDatabase, password, startHost, stopAll } from './test-host.js';

describe("the signup page with ALTCHA's challenge in a browser", function () {
  this.timeout(60_000);
  let browser: Browser;
  let host: Host;
  let url: string;
  const complaints: string[] = [];
  const requested: string[] = [];

  before(async function () {
    browser = await startChromium(this);
    ({ host, url } = await pageHost());
  });
  after(async () => {
    await browser?.close();
    await stopAll();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(complaints.splice(0)).to.deep.equal([]);
    expect(requested.splice(0).filter((asked) => new URL(asked).hostname !== '127.0.0.1')).to.deep.equal([]);
  });

  async function pageHost(options: Partial<FluentMeetOptions> = {}) {
    const started = await startHost(await migratedDatabase(), {
      options: { challenge: { altcha: { difficulty: 5 } }, ...options },
      configure: (app, fluentmeet) => void app.use('/signup', signupPage(fluentmeet)),
    });
    return { host: started, url: `${new URL(started.url).origin}/signup` };
  }

  async function open(to: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(to);
    return page;
  }

  const fill = async (page: Page, email: string) => {
    await page.locator('#email').fill(email);
    await page.locator('#password').fill(password);
  };
  const submit = (page: Page) => page.locator('form#signup button[type=submit]').click();
  const challenges = () => requested.filter((asked) => asked.endsWith('?challenge')).length;

  for (const language of ['en', 'ar']) {
    it(`solves it while the person types, accessibly and by the strict policy, in ${language}`, async () => {
      const words = builtInWords[language]!;
      const page = await open(`${url}?lang=${language}`, { viewport: { width: 320, height: 568 } });
      await page.getByText(words['signup.challenge.start']).waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      expect(challenges(), 'nothing is asked for before somebody types').to.equal(0);
      const email = freshAddress();
      await fill(page, email);
      await page.getByText(words['signup.challenge.done']).waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).to.be.at.most(0);
      await submit(page);
      await page.getByRole('heading', { name: words['check.title'] }).waitFor();
      expect(challenges()).to.equal(1);
      expect(await host.fluentmeet.findUserByEmail(email)).not.to.equal(null);
    });
  }

  it('waits for it where the button is pressed first, and takes another for the next try', async () => {
    const { host: slow, url: to } = await pageHost({ challenge: { altcha: { difficulty: 300 } } });
    const page = await open(to);
    const email = freshAddress();
    await fill(page, 'nobody');
    await submit(page);
    await page.locator('#email-fault').waitFor();
    await page.getByText(builtInWords['en']!['signup.challenge.start']).waitFor();
    await fill(page, email);
    await page.keyboard.press('Enter');
    await page.getByText('We are sending an email to').waitFor();
    expect(challenges()).to.equal(2);
    expect(await slow.fluentmeet.findUserByEmail(email)).not.to.equal(null);
    expect(complaints.splice(0)).to.deep.equal([
      'Failed to load resource: the server responded with a status of 400 (Bad Request)',
    ]);
  });

  it('says that it failed, keeps what was typed, and goes on once it works', async () => {
    const words = builtInWords['en']!;
    const page = await open(url);
    const email = freshAddress();
    await page.route('**/signup?challenge', (route) => route.fulfill({ status: 503 }));
    await fill(page, email);
    await page.getByText(words['signup.challenge.failed']).waitFor();
    await submit(page);
    await page.locator('.faults').waitFor();
    expect(await page.locator('.faults').innerText()).to.include(words['signup.challenge.failed']);
    expect(await page.locator('#email').inputValue()).to.equal(email);
    await page.unroute('**/signup?challenge');
    await submit(page);
    await page.getByText('We are sending an email to').waitFor();
    const unexpected = complaints.splice(0).filter((text) => !/status of (503|403)/.test(text));
    expect(unexpected).to.deep.equal([]);
  });

  it('solves it without AbortSignal.timeout, and tells how it goes to who does not see it', async () => {
    const page = await open('about:blank');
    await page.addInitScript(`delete AbortSignal.timeout;
      self.told = [];
      addEventListener('DOMContentLoaded', () => {
        const place = document.querySelector('[data-solver][role=status]');
        new MutationObserver(() => told.push(place.textContent)).observe(place, { childList: true });
      });`);
    await page.goto(url);
    await fill(page, freshAddress());
    const words = builtInWords['en']!;
    await page.getByText(words['signup.challenge.done']).waitFor();
    await page.locator('#full_name').focus();
    await page.locator('#email').focus();
    const told = await page.evaluate('told');
    expect(told).to.deep.equal([words['signup.challenge.running'], words['signup.challenge.done']]);
    await submit(page);
    await page.getByText('We are sending an email to').waitFor();
  });

  it('tells a browser that is too old for the script what it tells those without', async () => {
    const page = await open('about:blank');
    await page.addInitScript('delete Intl.DisplayNames');
    await page.goto(`${url}?lang=fr`);
    await page.getByText(builtInWords['fr']!['signup.challenge.no-script']).waitFor();
    await fill(page, freshAddress());
    expect(challenges()).to.equal(0);
  });

  it('tells those without script what to do', async () => {
    const page = await open(`${url}?lang=ja`, { javaScriptEnabled: false });
    const said = page.locator('noscript');
    expect(await said.innerText()).to.equal(builtInWords['ja']!['signup.challenge.no-script']);
    await fill(page, freshAddress());
    await submit(page);
    await page.locator('.faults').waitFor();
    expect(await page.locator('.faults').innerText()).to.include(
      builtInWords['ja']!['signup.challenge.no-script'],
    );
    complaints.length = 0;
  });

  it('stays under 30 kB with everything, in every language', async () => {
    for (const language of Object.keys(builtInWords)) {
      const html = await (await fetch(`${url}?lang=${language}`)).text();
      const assets = [...html.matchAll(/(?:href|src)="(\?asset=[^"]+)"/g)].map(
        ([, asset]) => asset as string,
      );
      expect(assets.filter((asset) => asset.includes('challenge-'))).to.have.lengthOf(1);
      const sizes = await Promise.all(
        assets.map(async (asset) => (await (await fetch(url + asset)).arrayBuffer()).byteLength),
      );
      const total = sizes.reduce((sum, size) => sum + size, Buffer.byteLength(html));
      expect(total, language).to.be.below(30_000);
    }
  });
});
