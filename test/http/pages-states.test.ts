import { expect } from 'chai';
import type { Browser, Page, Response } from 'playwright-core';
import { builtInWords } from '../../src/words/words.js';
import { accessibilityFaults, startChromium, withAxe } from '../support/chromium.js';
import { type PageState, pageStates, type Stage, startStage } from './page-stage.js';
import { stopAll } from './test-host.js';

const phone = { width: 320, height: 568, deviceScaleFactor: 1 };
/** As a browser's own zoom has it: 1280 × 720 at 200 % is half as many CSS pixels each way, of twice the device's each. */
const zoomed = { width: 640, height: 360, deviceScaleFactor: 2 };

describe('every page, in each of its states', function () {
  this.timeout(120_000);
  let browser: Browser;
  let stage: Stage;
  const assetSizes = new Map<string, number>();

  before(async function () {
    browser = await startChromium(this);
    stage = await startStage({
      loginUrl: 'https://app.example/login',
      signupUrl: 'https://app.example/signup',
      supportUrl: 'mailto:help@app.example',
      privacyUrl: 'https://app.example/privacy',
    });
  });
  after(async () => {
    await browser?.close();
    await stopAll();
  });

  for (const language of Object.keys(builtInWords)) {
    it(`is accessible, small, fits 320 × 568 and 200 % zoom, and asks others for nothing, in ${language}`, async () => {
      // Each colour scheme in some, for what is dark is laid out as what is light.
      const colorScheme = language === 'de' || language === 'ar' ? 'dark' : 'light';
      // What neither axe nor a colour knows by its words, once in each direction, and in each colour scheme.
      const isLookedInto = language === 'en' || language === 'ar';
      const context = await browser.newContext({ locale: language, colorScheme });
      if (isLookedInto) await withAxe(context);
      const page = await context.newPage();
      const { complaints, requested } = watch(page);
      const devtools = await context.newCDPSession(page);
      const resize = (size: typeof phone) =>
        devtools.send('Emulation.setDeviceMetricsOverride', { ...size, mobile: false });
      await resize(phone);
      for (const state of pageStates) {
        const where = `${state.name}, in ${language}`;
        const response = await state.reach({ stage, page, language });
        expect(response.status(), where).to.equal(state.status);
        await expectWords(page, state, language);
        // Not where it would send a form again.
        const isForm = ['signup.title', 'check.title', 'signup.taken.title', 'confirm.title'].includes(
          state.title,
        );
        const isOpened = response.request().method() === 'GET' || state.title === 'too-large.title';
        expect(await page.locator('footer summary').count(), `${where}: pickers`).to.equal(
          isForm || isOpened ? 1 : 0,
        );
        if (isLookedInto) expect(await accessibilityFaults(page), where).to.deep.equal([]);
        expect(await beyondTheEdge(page), `${where}, 320 × 568`).to.deep.equal([]);
        await resize(zoomed);
        expect(await beyondTheEdge(page), `${where}, 200 %`).to.deep.equal([]);
        if (isLookedInto) {
          await page.emulateMedia({ forcedColors: 'active' });
          expect(await withoutAnEdge(page), `${where}, in forced colours`).to.deep.equal([]);
          await page.emulateMedia({ forcedColors: 'none' });
        }
        await resize(phone);
        const status = `status of ${state.status} `;
        expect(
          complaints.splice(0).filter((text) => !text.includes(state.hangs ? 'net::ERR_FAILED' : status)),
          where,
        ).to.deep.equal([]);
        await expectOwn(requested.splice(0), where);
        expect(await weight(response), where).to.be.below(30_000);
        if (response.request().method() === 'POST') expectNoToken(page.url(), where);
      }
      await context.close();
      const tellTale = stage.referers.splice(0).filter((referer) => referer !== `${stage.origin}/`);
      expect(tellTale, 'Referer').to.deep.equal([]);
    });
  }

  function expectNoToken(text: string, where: string) {
    expect(
      stage.tokens.filter((token) => text.includes(token)),
      where,
    ).to.deep.equal([]);
  }

  async function expectWords(page: Page, { title, isFaulty, name }: PageState, language: string) {
    const words = builtInWords[language]!;
    const heading = words[title];
    const said = isFaulty ? words['faults.page-title'].replace('{title}', heading) : heading;
    const shown = await page.evaluate(
      '({ heading: document.querySelector("h1").textContent, title: document.title, lang: document.documentElement.lang, dir: document.dir })',
    );
    const dir = language === 'ar' ? 'rtl' : 'ltr';
    expect(shown, name).to.deep.equal({ heading, title: `${said} · FluentMeet`, lang: language, dir });
  }

  /** Pages of this origin, and assets that no browser asks for twice. */
  async function expectOwn(urls: string[], where: string) {
    for (const url of new Set(urls)) {
      expect(new URL(url).origin, where).to.equal(stage.origin);
      const name = new URL(url).searchParams.get('asset');
      if (name === null) continue;
      expect(name, where).to.match(/^(signup|challenge|solver|icon)-[0-9a-f]{12}\.(js|svg)$/);
      if (assetSizes.has(name)) continue;
      const asset = await fetch(url);
      expect(asset.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
      assetSizes.set(name, (await asset.arrayBuffer()).byteLength);
    }
  }

  /** Of the page and all that it names. */
  async function weight(response: Response): Promise<number> {
    const text = await response.text();
    const assets = [...text.matchAll(/(?:href|src|data-solver)="\?asset=([^"]+)"/g)].map(
      ([, name]) => name as string,
    );
    expect(assets).to.have.length.within(1, 4);
    // A worker's script is asked for once somebody types.
    await expectOwn(
      assets.map((name) => new URL(`?asset=${name}`, response.url()).href),
      'assets',
    );
    const sizes = assets.map((name) => assetSizes.get(name) as number);
    return sizes.reduce((sum, size) => sum + size, Buffer.byteLength(text));
  }
});

function watch(page: Page) {
  const complaints: string[] = [];
  const requested: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requested.push(request.url()));
  return { complaints, requested };
}

/** What a person would have to scroll sideways for, or could not see at all. */
async function beyondTheEdge(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.body.querySelectorAll('*:not(option, optgroup)')]
    .filter((element) => !element.closest('.unseen') && element.getClientRects().length > 0)
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < -0.5 || right > innerWidth + 0.5;
    })
    .map((element) => element.outerHTML.slice(0, 200))
    .concat(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])`);
}

/** Controls that only a colour of ours would tell from the ground: with no edge, not underlined as links are, and not drawn by the browser. */
async function withoutAnEdge(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('button, .button, input:not([type=checkbox]), select')]
    .filter((element) => element.checkVisibility())
    .filter((element) => {
      const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor, textDecorationLine } = getComputedStyle(element);
      const isEdged = borderTopStyle !== 'none' && borderTopWidth !== '0px' && borderTopColor !== backgroundColor;
      return !isEdged && textDecorationLine !== 'underline';
    })
    .map((element) => element.outerHTML.slice(0, 200))`);
}
