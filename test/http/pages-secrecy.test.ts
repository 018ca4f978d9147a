import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startChromium } from '../support/chromium.js';
import { pageStates, type Stage, startStage, stateNamed } from './page-stage.js';
import { password, stopAll } from './test-host.js';

describe('what others learn of a link’s token', function () {
  this.timeout(180_000);
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let stage: Stage;
  let other: Server;
  let otherOrigin: string;
  const heard: { path: string; referer: string | undefined }[] = [];

  before(async function () {
    browser = await startChromium(this);
    other = createServer(({ url = '', headers }, res) => {
      heard.push({ path: url, referer: headers.referer });
      res.end('elsewhere');
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    // Another name of this machine, so that it is another site, too.
    otherOrigin = `http://localhost:${(other.address() as AddressInfo).port}`;
    stage = await startStage({
      loginUrl: `${otherOrigin}/login`,
      signupUrl: `${otherOrigin}/signup`,
      supportUrl: `${otherOrigin}/support`,
      privacyUrl: `${otherOrigin}/privacy`,
      afterVerification: `${otherOrigin}/welcome`,
    });
    // Without script, as a person has it who trusts no page.
    context = await browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
  });
  after(async () => {
    await browser?.close();
    other.closeAllConnections();
    other.close();
    await stopAll();
  });

  const visit = () => ({ stage, page, language: 'en' });
  const linksOut = () => page.locator(`a[href^="${otherOrigin}"]`);

  async function follow(link: ReturnType<Page['locator']>, where: string) {
    const to = (await link.getAttribute('href')) as string;
    heard.length = 0;
    const opens = (await link.getAttribute('target')) === '_blank';
    const [reached] = await Promise.all([opens ? context.waitForEvent('page') : page, link.click()]);
    await reached.waitForURL(to);
    if (opens) await reached.close();
    const referer = heard.find(({ path }) => otherOrigin + path === to)?.referer;
    expect(referer, `${where}, to ${to}`).to.equal(`${stage.origin}/`);
  }

  it('is nothing from the first link out of each page, and from every one of an opened link’s', async () => {
    // Where no answer came the page is the one before, and this browser has no script to say so.
    for (const state of pageStates.filter(({ hangs }) => !hangs)) {
      await state.reach(visit());
      expect(await linksOut().count(), state.name).to.be.at.least(2);
      await follow(linksOut().first(), state.name);
    }
    for (const name of ['confirm', 'already verified', 'proof']) {
      await stateNamed(name).reach(visit());
      for (let link = (await linksOut().count()) - 1; link > 0; link--) {
        await follow(linksOut().nth(link), name);
        await page.goBack();
      }
    }
    expect(stage.referers.filter((referer) => referer !== `${stage.origin}/`)).to.deep.equal([]);
  });

  it('is nothing from titles, nor from the history after the click, however the page is left', async () => {
    const press = async (selector: string) => {
      const answered = page.waitForNavigation();
      await page.locator(selector).first().click();
      await answered;
    };
    const ways: Record<string, () => Promise<void>> = {
      confirm: async () => {
        await press('main .first');
      },
      expired: async () => {
        await press('main .first');
      },
      'not valid': async () => {
        await page.locator('#email').fill('ada@example.com');
        await press('main form button');
      },
      remove: async () => {
        await press('main .second');
        await press('main .first');
      },
      proof: async () => {
        await page.locator('summary').click();
        await press('footer button[formaction="?lang=de"]');
        await page.locator('#password').fill('not this one');
        await press('main form button');
        await page.locator('#password').fill(password);
        await press('main form button');
      },
      'proof: faults': async () => {
        await page.locator('#new_password').fill('an umbrella in the orchestra');
        await page.locator('#full_name').fill('Ada');
        await press('#replace button');
      },
      'proof: away': async () => {
        await press('main form button');
      },
    };
    for (const [name, leave] of Object.entries(ways)) {
      page = await context.newPage();
      await stateNamed(name).reach(visit());
      await leave();
      if ((await linksOut().count()) > 0) await follow(linksOut().first(), name);
      const devtools = await context.newCDPSession(page);
      const { entries } = await devtools.send('Page.getNavigationHistory');
      expect(entries.length, name).to.be.at.least(4);
      const told = entries
        // After the link that was opened, or the page that a test comes from.
        .slice(entries.findIndex(({ url }) => url.startsWith(stage.origin)) + 1)
        .flatMap(({ url, userTypedURL }) => [url, userTypedURL])
        .concat(entries.map(({ title }) => title));
      for (const text of told) {
        expect(
          stage.tokens.filter((token) => text.includes(token)),
          name,
        ).to.deep.equal([]);
      }
      await page.close();
    }
    expect(stage.tokens).not.to.deep.equal([]);
  });
});
