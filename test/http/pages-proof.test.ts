import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { builtInWords } from '../../src/words/words.js';
import { startChromium } from '../support/chromium.js';
import {
  freshAddress,
  type Host,
  migratedDatabase,
  password,
  startHost,
  stopAll,
  tokensOf,
} from './test-host.js';

const newPassword = 'an umbrella in the orchestra';

describe('the page of the proof, by keyboard alone and without script', function () {
  this.timeout(60_000);
  let browser: Browser;
  let host: Host;

  before(async function () {
    browser = await startChromium(this);
    host = await startHost(await migratedDatabase(), {
      options: { proof: 'link-and-password', languages: ['en', 'fr', 'ja'] },
    });
  });
  after(async () => {
    await browser?.close();
    await stopAll();
  });

  /** The mailed link of an account that a stranger made, in forced colours on a phone on its side. */
  async function opened(locale: string) {
    const email = freshAddress();
    const { id } = await host.fluentmeet.signUp({
      email,
      password,
      full_name: 'Mallory',
      speaking_language: 'fr',
    });
    const [token] = (await tokensOf(host.fluentmeet, id)) as [string];
    const context = await browser.newContext({
      javaScriptEnabled: false,
      locale,
      forcedColors: 'active',
      viewport: { width: 568, height: 320 },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${host.url}/verify-email?token=${token}`);
    const user = async () => host.fluentmeet.findUserByEmail(email);
    return { page, token, user };
  }

  const isFocused = (page: Page, selector: string) =>
    page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`);

  /** Presses Tab until it is reached; where the focus is can be seen at each step. */
  async function tabTo(page: Page, selector: string) {
    for (let presses = 0; presses < 30 && !(await isFocused(page, selector)); presses++) {
      await page.keyboard.press('Tab');
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
      if (!(await isFocused(page, 'body'))) expect(outline, selector).to.equal('solid');
    }
    expect(await isFocused(page, selector), `Tab leads to ${selector}`).to.equal(true);
  }

  async function press(page: Page, key: string) {
    const answered = page.waitForNavigation();
    await page.keyboard.press(key);
    await answered;
  }

  const read = async (page: Page, title: string) =>
    expect(await page.locator('h1').innerText()).to.equal(title);

  for (const locale of ['ar', 'ja']) {
    const words = builtInWords[locale]!;

    it(`verifies by the password of the signup, once it is the right one, in ${locale}`, async () => {
      const { page, token, user } = await opened(locale);
      await read(page, words['confirm.title']);
      await tabTo(page, '#password');
      await page.keyboard.type('not this one');
      await press(page, 'Enter');
      expect(await isFocused(page, '#password[aria-invalid=true]')).to.equal(true);
      const described = await page.locator('#password').getAttribute('aria-describedby');
      expect(described!.split(' ')).to.include('password-fault');
      expect(await page.locator('#password-fault').innerText()).to.equal(words['confirm.password.wrong']);
      await page.keyboard.type(password);
      await press(page, 'Enter');
      await read(page, words['verified.title']);
      expect(page.url()).not.to.include(token);
      expect((await user())?.is_verified).to.equal(true);
      await page.context().close();
    });

    it(`sets a new password and every field, in another language than it came, from ${locale}`, async () => {
      const { page, token, user } = await opened(locale);
      await tabTo(page, '#full_name');
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type('Ada');
      await tabTo(page, 'summary');
      await page.keyboard.press('Enter');
      await tabTo(page, 'button[formaction="?lang=en"]');
      await press(page, 'Enter');
      await read(page, builtInWords['en']!['confirm.title']);
      expect(page.url()).not.to.include(token);
      expect(await page.locator('#full_name').inputValue()).to.equal('Ada');
      await tabTo(page, '#new_password');
      await page.keyboard.type('short');
      await press(page, 'Enter');
      expect(await isFocused(page, '#new_password[aria-invalid=true]')).to.equal(true);
      expect(await page.locator('#full_name').inputValue()).to.equal('Ada');
      expect(await page.locator('#speaking_language').inputValue()).to.equal('fr');
      await page.keyboard.type(newPassword);
      await tabTo(page, '#speaking_language');
      await page.keyboard.type('En');
      await tabTo(page, '#replace button[type=submit]');
      await press(page, 'Space');
      await read(page, builtInWords['en']!['verified.title']);
      expect(await user()).to.include({ is_verified: true, full_name: 'Ada', speaking_language: 'en' });
      await page.context().close();
    });
  }

  it('tells every fault, the first of each field, and takes the focus to the first', async () => {
    const { page } = await opened('en');
    const wrong = { new_password: 'short', full_name: 'www.example.com', speaking_language: 'xx' };
    // Its list has no such language: as whoever stripped the page of it would send it.
    await page.evaluate(
      `document.querySelector('#speaking_language').outerHTML = '<input id="speaking_language" name="speaking_language">'`,
    );
    for (const [name, value] of Object.entries(wrong)) await page.locator(`#${name}`).fill(value);
    await tabTo(page, '#replace button[type=submit]');
    await press(page, 'Enter');
    expect(await page.locator('.fault').count()).to.equal(3);
    expect(await isFocused(page, '#new_password[aria-invalid=true]')).to.equal(true);
    expect(await page.locator('[autofocus]').count()).to.equal(1);
    await page.context().close();
  });

  it('removes the account that was not mine', async () => {
    const { page, user } = await opened('fr');
    await tabTo(page, '.aside:last-of-type button');
    await press(page, 'Enter');
    await read(page, builtInWords['fr']!['remove.title']);
    await tabTo(page, 'button.first');
    await press(page, 'Enter');
    await read(page, builtInWords['fr']!['removed.title']);
    expect(await user()).to.equal(null);
    await page.context().close();
  });
});
