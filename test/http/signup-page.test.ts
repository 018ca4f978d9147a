import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { contrast } from '../../src/brand-colours.js';
import { SignUpRefusedError } from '../../src/errors.js';
import { internalsOf } from '../../src/fluentmeet.js';
import { signupPage } from '../../src/http/index.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { builtInWords } from '../../src/words/words.js';
import { accessibilityFaults, startChromium } from '../support/chromium.js';
import {
  type Host,
  freshAddress,
  migratedDatabase,
  password,
  signedUp,
  startHost,
  stopAll,
  tokensOf,
} from './test-host.js';

/** What a button is written with and on. Runs in the browser. */
const look = (button: string) => `(() => {
  const shown = document.querySelector('${button}');
  const groundOf = (element) => {
    const { backgroundColor, filter } = getComputedStyle(element);
    if (filter !== 'none') throw new Error('colours are not what they seem');
    return backgroundColor !== 'rgba(0, 0, 0, 0)' ? backgroundColor : groundOf(element.parentElement);
  };
  return [getComputedStyle(shown).color, groundOf(shown)];
})()`;

const hex = (rgb: string): string =>
  `#${[...rgb.matchAll(/\d+/g)]
    .slice(0, 3)
    .map(([channel]) => Number(channel).toString(16).padStart(2, '0'))
    .join('')}`;

describe('the signup page in a browser', function () {
  this.timeout(60_000);
  let browser: Browser;
  let host: Host;
  let url: string;
  const complaints: string[] = [];
  const requested: string[] = [];

  before(async function () {
    browser = await startChromium(this);
    ({ host, url } = await pageHost({}));
  });
  after(async () => {
    await browser?.close();
    await stopAll();
  });
  afterEach(async () => {
    // A page that stays open goes on costing its processes' time.
    for (const context of browser.contexts()) await context.close();
    expect(
      complaints.splice(0).filter((text) => !/status of [45]\d\d|net::ERR_FAILED/.test(text)),
    ).to.deep.equal([]);
    const foreign = requested.splice(0).filter((asked) => new URL(asked).hostname !== '127.0.0.1');
    expect(foreign).to.deep.equal([]);
  });

  async function pageHost(options: NonNullable<Parameters<typeof startHost>[1]>['options']) {
    const started = await startHost(await migratedDatabase(), {
      options: options ?? {},
      configure: (app, fluentmeet) => void app.use('/signup', signupPage(fluentmeet)),
    });
    return { host: started, url: `${new URL(started.url).origin}/signup` };
  }

  async function open(to: string, options: Parameters<Browser['newContext']>[0] = {}) {
    const context: BrowserContext = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(to);
    return page;
  }

  const fill = async (page: Page, email: string, secret = password) => {
    await page.locator('#email').fill(email);
    await page.locator('#password').fill(secret);
  };
  const submit = (page: Page) => page.locator('form#signup button[type=submit]').click();
  const isFocused = (page: Page, selector: string) =>
    page.evaluate(`document.querySelector('${selector}') === document.activeElement`);

  for (const javaScriptEnabled of [true, false]) {
    describe(javaScriptEnabled ? 'with script' : 'without script', () => {
      it('signs up, and names the address in the letters that were typed', async () => {
        const page = await open(url, { javaScriptEnabled });
        const address = freshAddress().replace('example.com', 'münchen.example');
        await fill(page, address);
        await submit(page);
        await page.getByText('We are sending an email to').waitFor();
        expect(await page.locator('bdi', { hasText: address }).count()).to.equal(1);
        expect(await page.title()).to.equal('Check your email · FluentMeet');
        expect(await page.locator('input[type=password]').count()).to.equal(0);
        expect(await host.fluentmeet.findUserByEmail(address)).not.to.equal(null);
      });

      it('shows each fault beside its field, keeps what was typed, and takes the focus there', async () => {
        const page = await open(`${url}?lang=de`, { javaScriptEnabled });
        await page.locator('#full_name').fill('Ada');
        await page.locator('#listening_language').selectOption('ja');
        await fill(page, 'ada', 'short');
        await submit(page);
        await page.locator('.faults').waitFor();
        expect(await isFocused(page, '.faults')).to.equal(true);
        expect(await page.title()).to.include('Fehler: ');
        expect(await page.locator('.faults a').count()).to.equal(2);
        expect(await page.locator('#email').getAttribute('aria-invalid')).to.equal('true');
        expect(await page.locator('#email').getAttribute('aria-describedby')).to.equal('email-fault');
        expect(await page.locator('#email').inputValue()).to.equal('ada');
        expect(await page.locator('#full_name').inputValue()).to.equal('Ada');
        expect(await page.locator('#listening_language').inputValue()).to.equal('ja');
        expect(await page.locator('#password').inputValue()).to.equal(javaScriptEnabled ? 'short' : '');
        await page.locator('.faults a').first().click();
        expect(await isFocused(page, '#email')).to.equal(true);
      });

      it('offers what one can do where the address is taken', async () => {
        const { email, id } = await signedUp(host);
        const page = await open(url, { javaScriptEnabled });
        await fill(page, email);
        await submit(page);
        await page.getByText('You already have an account').waitFor();
        await page.getByRole('button', { name: 'Send the email again' }).click();
        await page.getByText(builtInWords['en']!['resent.text']).waitFor();
        expect(await tokensOf(host.fluentmeet, id)).to.have.length(2);
        // Nothing that holds only where an email was sent, nor that this page waits for it.
        expect(await page.textContent('main')).not.to.include('We are sending');
        expect(await page.locator('[data-key], #verified').count()).to.equal(0);
        await page.locator('summary').click();
        await page.getByRole('button', { name: '日本語' }).click();
        await page.getByText(builtInWords['ja']!['resent.text']).waitFor();
        await page.locator('summary').click();
        await page.getByRole('button', { name: 'English' }).click();
        await page.getByText(builtInWords['en']!['resent.text']).waitFor();
        await page.getByRole('button', { name: 'Use another email address' }).click();
        await page.locator('#email').waitFor();
        expect(await page.locator('#email').inputValue()).to.equal(email);
      });

      it('changes its language without losing what was typed', async () => {
        const page = await open(url, { javaScriptEnabled });
        await page.locator('#full_name').fill('أدا');
        await page.locator('summary').click();
        await page.getByRole('button', { name: 'العربية' }).click();
        await page.getByText('إنشاء حساب').first().waitFor();
        expect(await page.locator('html').getAttribute('dir')).to.equal('rtl');
        expect(await page.locator('#full_name').inputValue()).to.equal('أدا');
        expect(page.url()).to.include('lang=ar');
      });

      it('changes the language of what it answered, and goes on from there', async () => {
        const email = freshAddress();
        const page = await open(url, { javaScriptEnabled });
        const inJapanese = async (title: string) => {
          await page.locator('summary').click();
          await page.getByRole('button', { name: '日本語' }).click();
          await page.locator('h1', { hasText: title }).waitFor();
          expect(await page.locator('html').getAttribute('lang')).to.equal('ja');
          expect(await page.textContent('main')).to.include(email);
        };
        await fill(page, email);
        await submit(page);
        await page.getByText('We are sending an email to').waitFor();
        await inJapanese(builtInWords['ja']!['check.title']);
        await page.goto(url);
        await fill(page, email);
        await submit(page);
        await page.getByText('You already have an account').waitFor();
        await inJapanese(builtInWords['ja']!['signup.taken.title']);
        await page.getByRole('button', { name: builtInWords['ja']!['check.again'] }).click();
        await page.getByText(builtInWords['ja']!['resent.text']).waitFor();
      });

      it('asks for a tick where the host has terms, and keeps it', async () => {
        const brand = { termsUrl: 'https://acme.example/terms', termsVersion: '2026-03' };
        const { host: asking, url: byTerms } = await pageHost({ brand });
        const page = await open(byTerms, { javaScriptEnabled, viewport: { width: 320, height: 568 } });
        const tick = page.getByRole('checkbox', { name: 'I accept the Terms of Service.' });
        const email = freshAddress();
        await fill(page, email);
        await submit(page);
        await page.locator('.faults a', { hasText: 'accept the Terms of Service' }).click();
        expect(await isFocused(page, '#accepted_terms')).to.equal(true);
        expect(await tick.getAttribute('aria-describedby')).to.equal('accepted_terms-fault');
        if (javaScriptEnabled) expect(await accessibilityFaults(page)).to.deep.equal([]);
        await page.keyboard.press('Space');
        expect(await tick.isChecked()).to.equal(true);
        await page.locator('#password').fill('short');
        await submit(page);
        await page.locator('#password-fault').waitFor();
        expect(await tick.isChecked()).to.equal(true);
        await page.locator('#password').fill(password);
        await submit(page);
        await page.getByText('We are sending an email to').waitFor();
        expect((await asking.fluentmeet.findUserByEmail(email))?.terms_version).to.equal('2026-03');
      });

      it('says when to try again, and keeps what was typed', async () => {
        const { url: busy } = await pageHost({ rateLimits: { signup: 1 } });
        const page = await open(busy, { javaScriptEnabled });
        for (const address of ['ada', 'ada@']) {
          await fill(page, address);
          await submit(page);
          await page.locator('.faults').waitFor();
        }
        await page.getByText(/Try again in \d+ seconds\./).waitFor();
        expect(await page.locator('#email').inputValue()).to.equal('ada@');
      });

      it('asks for an invite, fills it in, keeps it, and says at once that one is bad', async () => {
        const { host: invited, url: byInvite } = await pageHost({ signup: 'invite' });
        const email = freshAddress().replace('example.com', 'münchen.example');
        const { token } = await createInvite(internalsOf(invited.fluentmeet), { email });
        const page = await open(byInvite, { javaScriptEnabled });
        await page.getByText('You need an invitation').waitFor();
        await page.goto(`${byInvite}?invite=fmi_none`);
        await page.locator('#invite-fault').waitFor();
        await page.goto(`${byInvite}?invite=${token}`);
        expect(await page.locator('#email').inputValue()).to.equal(email);
        expect(await page.locator('#email').getAttribute('readonly')).to.equal('');
        await page.locator('#password').fill('short');
        await submit(page);
        await page.locator('#password-fault').waitFor();
        expect(await page.locator('#invite').inputValue()).to.equal(token);
        await page.locator('#password').fill(password);
        await submit(page);
        await page.getByText('We are sending an email to').waitFor();
      });
    });
  }

  for (const language of ['ar', 'ja']) {
    for (const javaScriptEnabled of [true, false]) {
      it(`leads from an invite to verified by keyboard alone without a word of English, in ${language}, ${javaScriptEnabled ? 'with' : 'without'} script`, async () => {
        const { host: invited, url: byInvite } = await pageHost({ signup: 'invite' });
        const { token: invite } = await createInvite(internalsOf(invited.fluentmeet), {
          domain: 'example.com',
        });
        const page = await open(`${byInvite}?invite=${invite}`, {
          javaScriptEnabled,
          locale: language,
          forcedColors: 'active',
          viewport: { width: 568, height: 320 },
        });
        const words = builtInWords[language]!;
        const read = async (title: string) => {
          await page.getByRole('heading', { level: 1, name: title }).waitFor();
          expect(await page.title()).to.equal(`${title} · FluentMeet`);
          const text = (
            await page.locator('main :is(h1, h2, p, label, legend, button)').allInnerTexts()
          ).join(' ');
          const latin = text.replaceAll(/FluentMeet|[\w.-]+@example\.com|example\.com|@example/g, '');
          expect(latin).not.to.match(/[A-Za-z]{2,}/);
        };
        const tabTo = async (selector: string) => {
          for (let presses = 0; presses < 30; presses++) {
            if (await isFocused(page, selector)) return;
            await page.keyboard.press('Tab');
          }
          throw new Error(`no Tab leads to ${selector}`);
        };
        await read(words['signup.title']);
        const email = freshAddress();
        await tabTo('#email');
        await page.keyboard.type(email);
        await tabTo('#password');
        await page.keyboard.type(password);
        await page.keyboard.press('Enter');
        await read(words['check.title']);
        const user = await invited.fluentmeet.findUserByEmail(email);
        const [token] = (await tokensOf(invited.fluentmeet, user!.id)) as [string];
        await page.goto(`${invited.url}/verify-email?token=${token}`);
        await read(words['confirm.title']);
        await tabTo('button.first');
        await page.keyboard.press('Enter');
        await read(words['verified.title']);
        expect(page.url()).not.to.include(token);
        expect((await invited.fluentmeet.findUserByEmail(email))?.is_verified).to.equal(true);
      });
    }
  }

  it('says that signup is closed, on a page without a form', async () => {
    const { url: closed } = await pageHost({
      signup: 'closed',
      brand: { loginUrl: 'https://app.example/login' },
    });
    for (const method of ['GET', 'POST']) {
      const body =
        method === 'POST' ? { body: new URLSearchParams({ email: freshAddress(), password }) } : {};
      const response = await fetch(closed, { method, ...body });
      expect(response.status).to.equal(403);
      const text = await response.text();
      expect(text).to.include('Registration is closed').and.include('https://app.example/login');
      expect(text).not.to.include('<form');
    }
  });

  it('names the domain that an invite is for, and refuses another one beside the field', async () => {
    const { host: invited, url: byInvite } = await pageHost({ signup: 'invite' });
    const { token } = await createInvite(internalsOf(invited.fluentmeet), { domain: 'münchen.example' });
    const page = await open(`${byInvite}?invite=${token}`);
    await page.locator('#invite-hint bdi', { hasText: 'münchen.example' }).waitFor();
    await fill(page, freshAddress());
    await submit(page);
    await page.locator('#invite-fault').waitFor();
    expect(await page.locator('#invite').inputValue()).to.equal(token);
  });

  /** Signed up, and waiting: as far as the page can tell, for as long as the test says. */
  async function waiting(to: string) {
    const page = await open('about:blank');
    await page.clock.install();
    await page.goto(to);
    const address = freshAddress();
    await fill(page, address);
    await submit(page);
    await page.getByText('We are sending an email to').waitFor();
    return { page, address };
  }

  async function verifyElsewhere(address: string) {
    const user = await host.fluentmeet.findUserByEmail(address);
    await host.fluentmeet.verifyEmail((await tokensOf(host.fluentmeet, user!.id))[0] as string);
  }

  it('offers the email again after a minute, and goes on by itself once the address is verified elsewhere', async () => {
    const { page, address } = await waiting(url);
    const again = page.getByRole('button', { name: 'Send the email again' });
    expect(await again.isVisible()).to.equal(false);
    await page.getByText(/sent again in \d+ seconds/).waitFor();
    await page.clock.fastForward(60_000);
    await again.click();
    await page.getByText('we send the email again, unless').waitFor();
    await verifyElsewhere(address);
    await page.clock.fastForward(5_000);
    await page.getByText('Your email address is confirmed').waitFor();
    expect(await page.title()).to.equal('Your email address is confirmed · FluentMeet');
  });

  it('goes on to where the host wants people to, and nowhere else, with no more than the origin in the Referer', async () => {
    const { origin } = new URL(host.url);
    const afterVerification = `${origin}/welcome?from=signup`;
    const { url: leading } = await pageHost({ brand: { afterVerification } });
    const { page, address } = await waiting(
      `${leading}?afterVerification=https://evil.example&next=//evil.example`,
    );
    const arrived = page.waitForRequest(afterVerification);
    await verifyElsewhere(address);
    await page.clock.fastForward(5_000);
    expect((await arrived).headers()['referer']).to.equal(`${new URL(leading).origin}/`);
  });

  describe('where a request hangs', () => {
    let hanging: string;
    let hangs: 'before the answer' | 'within the answer' | undefined;
    let slow: Host;
    before(async () => {
      slow = await startHost(await migratedDatabase(), {
        before: [
          (req, res, next) => {
            if (req.method !== 'POST' || !hangs) return next();
            if (hangs === 'within the answer') res.type('html').write('<main data-page><h1>');
          },
        ],
        configure: (app, fluentmeet) => void app.use('/signup', signupPage(fluentmeet)),
      });
      hanging = `${new URL(slow.url).origin}/signup`;
    });
    afterEach(() => {
      hangs = undefined;
    });

    /** Its ten seconds pass at once, as long as `hangs`. */
    async function openImpatient() {
      const page = await open('about:blank');
      await page.addInitScript(`{
        const wait = setTimeout;
        self.setTimeout = (work, time) => wait(work, window.impatient && time === 10_000 ? 100 : time);
      }`);
      await page.goto(hanging);
      await page.evaluate('window.impatient = true');
      return page;
    }

    async function tryAgain(page: Page) {
      await page.getByText('No answer came').waitFor();
      expect(await isFocused(page, '.faults')).to.equal(true);
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      hangs = undefined;
      await page.evaluate('window.impatient = false');
      await page.getByRole('button', { name: 'Try again' }).click();
    }

    for (const where of ['before the answer', 'within the answer'] as const) {
      it(`gives it up, ${where}, keeps everything, and signs up by the button`, async () => {
        const page = await openImpatient();
        await fill(page, freshAddress());
        hangs = where;
        await submit(page);
        await tryAgain(page);
        await page.getByText('We are sending an email to').waitFor();
      });
    }

    it('does by the button what was asked for, be it another language or the email once more', async () => {
      const page = await openImpatient();
      const { email } = await signedUp(slow);
      await fill(page, email);
      hangs = 'before the answer';
      await page.locator('summary').click();
      await page.getByRole('button', { name: 'Deutsch' }).click();
      await tryAgain(page);
      await page.getByRole('heading', { name: builtInWords['de']!['signup.title'] }).waitFor();
      expect(await page.locator('#email').inputValue()).to.equal(email);
      await page.goto(hanging);
      await fill(page, email);
      await submit(page);
      await page.getByText('You already have an account').waitFor();
      hangs = 'before the answer';
      await page.evaluate('window.impatient = true');
      await page.getByRole('button', { name: 'Send the email again' }).click();
      await tryAgain(page);
      await page.getByText(builtInWords['en']!['resent.text']).waitFor();
    });
  });

  describe('in an older browser', () => {
    /** Whether the page that was opened is still there: a form that the browser sends brings a new one. */
    const isSamePage = (page: Page) => page.evaluate('window.opened === true');

    async function openWithout(...parts: string[]) {
      const page = await open('about:blank');
      await page.addInitScript(parts.map((part) => `delete ${part};`).join(''));
      await page.goto(url);
      await page.evaluate('window.opened = true');
      return page;
    }

    it('sends the form without AbortSignal.timeout, as any other', async () => {
      const page = await openWithout('AbortSignal.timeout', 'HTMLFormElement.prototype.requestSubmit');
      await fill(page, freshAddress());
      await submit(page);
      await page.getByText('We are sending an email to').waitFor();
      expect(await isSamePage(page)).to.equal(true);
    });

    for (const part of [
      'self.SubmitEvent',
      'Intl.DisplayNames',
      'Element.prototype.replaceChildren',
      'self.AbortController',
      'self.DOMParser',
    ]) {
      it(`leaves the form to the browser without ${part}, whatever is asked for`, async () => {
        const page = await openWithout(part);
        const { email } = await signedUp(host);
        await fill(page, email);
        await page.locator('summary').click();
        await page.getByRole('button', { name: 'Deutsch' }).click();
        await page.getByRole('heading', { name: builtInWords['de']!['signup.title'] }).waitFor();
        expect(await isSamePage(page)).to.equal(false);
        await page.locator('#password').fill(password);
        await submit(page);
        await page.getByRole('heading', { name: builtInWords['de']!['signup.taken.title'] }).waitFor();
        await page.getByRole('button', { name: builtInWords['de']!['check.again'] }).click();
        await page.getByText(builtInWords['de']!['resent.text']).waitFor();
      });
    }
  });

  it('keeps everything where no answer comes or none of ours, and signs up once', async () => {
    const page = await open(url);
    const address = freshAddress();
    await fill(page, address);
    await page.route(/\/signup\??$/, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await submit(page);
    await page.getByText('No answer came').waitFor();
    await page.unroute(/\/signup\??$/);
    await page.route(/\/signup\??$/, (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
    await submit(page);
    await page.getByText('Something went wrong').waitFor();
    expect(await page.locator('#email').inputValue()).to.equal(address);
    await page.unroute(/\/signup\??$/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('We are sending an email to').waitFor();
  });

  it('shows and hides the password, finds a language by either name, and takes what the browser reads', async () => {
    const page = await open(url, { locale: 'pt-BR', javaScriptEnabled: true });
    expect(await page.locator('#speaking_language').inputValue()).to.equal('pt-BR');
    await page.locator('#password').fill('secret words');
    await page.locator('[data-reveal]').click();
    expect(await page.locator('#password').getAttribute('type')).to.equal('text');
    const search = page.locator('[data-search=listening_language]');
    for (const [typed, tag] of Object.entries({
      nihon: '',
      japon: 'ja',
      日本: 'ja',
      alem: 'de',
      deut: 'de',
    })) {
      await search.fill(typed);
      if (tag) expect(await page.locator('#listening_language').inputValue(), typed).to.equal(tag);
    }
    await search.press('Enter');
    expect(await isFocused(page, '#listening_language'), 'and nothing is sent').to.equal(true);
    await search.fill('');
    expect(await page.locator('#listening_language').inputValue()).to.equal('de');
    expect(await page.locator('#listening_language optgroup').count()).to.equal(2);
  });

  for (const typed of ['zzz', ' ', 'deut']) {
    it(`has every language once more after a first search for ${JSON.stringify(typed)}`, async () => {
      const page = await open(url, { locale: 'fr' });
      const languages = () =>
        page.evaluate(
          `[...document.querySelectorAll('#listening_language optgroup')].map(({ children }) => [...children].map(({ value }) => value))`,
        );
      const all = await languages();
      const search = page.locator('[data-search=listening_language]');
      await search.fill(typed);
      await search.fill('');
      expect(await languages()).to.deep.equal(all);
      const chosen = typed === 'deut' ? 'de' : 'fr';
      expect(await page.locator('#listening_language').inputValue()).to.equal(chosen);
    });
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`can be read where it is pointed at, whatever the brand's colour (${colorScheme})`, async () => {
      for (const colour of ['#2f4fc6', '#777777', '#ff0000', '#ffe600', '#000000']) {
        const { url: coloured } = await pageHost({ brand: { colour } });
        const page = await open(coloured, { colorScheme });
        await page.locator('summary').click();
        for (const button of ['#signup .go button', 'button.second', 'footer button']) {
          const pointedAt = page.locator(button).first();
          await pointedAt.hover();
          const looks = await page.evaluate(look(button));
          const [ink, ground] = looks as [string, string];
          expect(contrast(hex(ink), hex(ground)), `${colour}: ${button}`).to.be.at.least(4.5);
        }
        await page.context().close();
      }
    });
  }

  it('says to the person why a hook of the host refuses them, in the words of the host', async () => {
    const beforeSignUp = () => {
      throw new SignUpRefusedError({ code: 'DISPOSABLE', message: 'Use <b>another</b> provider.' });
    };
    const { url: choosy } = await pageHost({ hooks: { beforeSignUp } });
    const body = new URLSearchParams({ email: freshAddress(), password });
    const response = await fetch(choosy, { method: 'POST', body });
    expect(response.status).to.equal(403);
    expect(await response.text()).to.include('Use &lt;b&gt;another&lt;/b&gt; provider.');
  });

  it('refuses a form of another site, and takes one of its own', async () => {
    const send = (headers: Record<string, string>) =>
      fetch(url, { method: 'POST', body: new URLSearchParams({ email: freshAddress(), password }), headers });
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      expect((await send(headers)).status).to.equal(403);
    }
    expect((await send({ origin: new URL(url).origin })).status).to.equal(200);
  });
});
