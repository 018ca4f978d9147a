import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { contrast } from '../../src/brand-colours.js';
import { renderEmail } from '../../src/mail/render-email.js';
import { templateNames } from '../../src/outbox/templates.js';
import { sampleEmail } from '../../src/outbox/sample-email.js';
import { startChromium } from '../support/chromium.js';

/** What the page tells of itself. Runs in the browser, as text: these tests are not compiled for one. */
const look = `(() => {
  const groundOf = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return colour !== 'rgba(0, 0, 0, 0)' ? colour : groundOf(element.parentElement);
  };
  const texts = [...document.querySelectorAll('body *')].filter((element) =>
    element.checkVisibility() && [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim()));
  return {
    width: document.documentElement.scrollWidth,
    buttonHeight: document.querySelector('.button-link').getBoundingClientRect().height,
    colours: texts.map((element) => [getComputedStyle(element).color, groundOf(element), element.textContent.trim()]),
  };
})()`;

interface Look {
  width: number;
  buttonHeight: number;
  colours: [ink: string, ground: string, text: string][];
}

const hex = (rgb: string): string =>
  `#${[...rgb.matchAll(/\d+/g)]
    .slice(0, 3)
    .map(([channel]) => Number(channel).toString(16).padStart(2, '0'))
    .join('')}`;

describe('a mail in a browser', function () {
  this.timeout(60_000);
  let browser: Browser;
  before(async function () {
    browser = await startChromium(this);
  });
  after(() => browser?.close());

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`can be read at 320 pixels, without images, whatever the brand's colour (${colorScheme})`, async () => {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width: 320, height: 640 },
        javaScriptEnabled: true,
      });
      const page = await context.newPage();
      // Also the logo does not come, as in most clients before they are told to load images.
      await page.route('**', (route) => route.abort());
      for (const language of ['en', 'de', 'ar', 'ja']) {
        for (const template of templateNames) {
          for (const colour of ['#2f4fc6', '#ffffff', '#000000', '#ffe600', '#777777']) {
            const { value } = sampleEmail({ template, language, full_name: 'W'.repeat(90) });
            const brand = {
              colour,
              name: 'Mééting'.repeat(8),
              logo: 'https://cdn.example.com/logo.png',
              loginUrl: `https://app.example.com/${'login'.repeat(20)}`,
              supportUrl: 'https://example.com/help',
            };
            await page.setContent(renderEmail(value, { language, brand }).html);
            const { width, buttonHeight, colours } = (await page.evaluate(look)) as Look;
            const which = `${language} ${template} ${colour}`;
            expect(width, which).to.equal(320);
            expect(buttonHeight, which).to.be.at.least(44);
            expect(colours).to.have.length.above(6);
            for (const [ink, ground, text] of colours) {
              expect(contrast(hex(ink), hex(ground)), `${which}: ${text}`).to.be.at.least(4.5);
            }
          }
        }
      }
      await context.close();
    });
  }
});
