import { expect } from 'chai';
import express from 'express';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { mailboxRoutes } from '../../src/dev/mailbox-routes.js';
import { parseOptions } from '../../src/options/options.js';
import { type MailboxPublisher, openMailbox } from '../../src/publishers/mailbox/mailbox-publisher.js';
import { sampleEmail, type SampleFields } from '../../src/outbox/sample-email.js';
import { accessibilityFaults, startChromium } from '../support/chromium.js';

describe('the mailbox of dev', function () {
  this.timeout(60_000);
  let folder: string;
  let mailbox: MailboxPublisher;
  let server: Server;
  let url: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mailbox-'));
    mailbox = await openMailbox(path.join(folder, 'mailbox.jsonl'));
    const app = express();
    app.get('/verify', (req, res) => void res.send(`<title>Verify ${req.url.split('token=')[1]}</title>`));
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = parseOptions({
      database: 'postgres://localhost/x',
      publisher: 'none',
      publicUrl: url,
      verificationUrl: `${url}/verify`,
      secret: 's'.repeat(32),
      brand: {
        name: 'Acme',
        supportUrl: 'mailto:help@example.com',
        logo: 'https://cdn.example.com/logo.png',
      },
      words: { it: { 'mail.hello': 'Ciao,' } },
    });
    app.use(mailboxRoutes(config, mailbox, { from: 'Acme <no-reply@example.com>', alsoTo: ['Kafka'] }));
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });

  async function publish(fields: SampleFields = {}): Promise<string> {
    const email = sampleEmail(fields);
    await mailbox.publish([email]);
    return email.headers['event-id'];
  }

  const textOf = async (at: string): Promise<string> => (await fetch(url + at)).text();

  it('says that there is none yet', async () => {
    expect(await textOf('/mailbox'))
      .to.contain('No email yet')
      .and.contain('go to Kafka')
      .and.contain('Acme');
  });

  it('shows text, headers and message of the newest, or of the one that is asked for', async () => {
    const first = await publish({ to: 'ada@example.com', language: 'fr-CA' });
    await publish({ to: 'bob@example.com', full_name: '<b>Bob</b>' });
    expect(await textOf('/mailbox'))
      .to.contain('<title>Mailbox')
      .and.match(/To <bdi>bob@example.com/);
    const at = `/mailbox?email=${first}`;
    expect(await textOf(`${at}&view=text`))
      .to.contain('Bonjour Ada Lovelace,')
      .and.contain('jusqu’à demain');
    expect(await textOf(`${at}&view=text&language=ja`)).to.contain('Ada Lovelace 様');
    expect(await textOf(`${at}&view=headers`))
      .to.contain('Acme &lt;no-reply@example.com&gt;')
      .and.contain(`&lt;${first}@example.com&gt;`)
      .and.contain('help@example.com')
      .and.contain('auto-generated');
    expect(await textOf('/mailbox?view=message')).to.contain('&quot;full_name&quot;: &quot;&lt;b&gt;Bob');
  });

  it('shows a mail in the language and direction that it is written in, where there are no words in its reader’s', async () => {
    const id = await publish({ language: 'he' });
    const text = await textOf(`/mailbox?email=${id}&view=text`);
    expect(text)
      .to.contain('<h2 lang="en"')
      .and.match(/<pre class="plain" dir="ltr"\s*>\s*Hello/);
  });

  it('takes nothing else of an address', async () => {
    const id = await publish();
    for (const query of [
      'email=gone',
      'email=a&email=b',
      'email[]=x',
      'email=%00',
      'view=__proto__',
      'language=xx',
    ]) {
      expect((await fetch(`${url}/mailbox?${query}`)).status, query).to.equal(200);
    }
    expect(await textOf('/mailbox?email=gone')).to.contain('not here any more');
    expect((await fetch(`${url}/mailbox/html?email=gone`)).status).to.equal(404);
    expect(await textOf(`/mailbox/html?email=${id}&language=xx`)).to.contain('lang="en"');
  });

  it('says why a mail cannot be written, and shows its message', async () => {
    const email = sampleEmail();
    if (email.value.template === 'verification') email.value.data.verification_link = 'javascript:alert(1)';
    await mailbox.publish([email]);
    expect(await textOf('/mailbox')).to.contain('cannot be written');
    expect(await textOf('/mailbox?view=message')).to.contain('javascript:alert(1)');
    expect((await fetch(`${url}/mailbox/html`)).status).to.equal(404);
  });

  it('lets nothing of a mail run or load, but the logo', async () => {
    await publish({ full_name: '<img src=x onerror=alert(1)>' });
    const frame = await fetch(`${url}/mailbox/html`);
    const policy = frame.headers.get('content-security-policy') ?? '';
    expect(policy).to.contain("default-src 'none'").and.contain('img-src https://cdn.example.com;');
    expect(policy).to.contain('sandbox allow-popups').and.not.contain('allow-scripts');
    expect(policy).not.to.contain('allow-same-origin');
    expect(await frame.text()).not.to.contain('<img src=x');
    const page = await fetch(`${url}/mailbox`);
    expect(page.headers.get('content-security-policy'))
      .to.contain("default-src 'none'")
      .and.not.contain('unsafe');
    expect(await page.text()).not.to.match(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
  });

  it('in a browser: the link in the mail works, languages switch, new ones appear, anybody can read it', async function () {
    const browser: Browser = await startChromium(this);
    try {
      const page = await browser.newPage();
      await page.route('https://**', (route) => route.abort());
      await page.goto(`${url}/mailbox`);
      await publish({ to: 'ada@example.com', language: 'en' });
      const button = page.frameLocator('iframe').locator('.button-link');
      await button.waitFor();
      const [verifying] = await Promise.all([page.context().waitForEvent('page'), button.click()]);
      await verifying.waitForLoadState();
      const link = mailbox.list()[0]?.value;
      const token =
        link?.template === 'verification' && new URL(link.data.verification_link).searchParams.get('token');
      expect(await verifying.title()).to.equal(`Verify ${token}`);
      expect(verifying.url()).to.equal(`${url}/verify?token=${token}`);

      await page.getByRole('link', { name: 'العربية' }).click();
      await page.frameLocator('iframe').getByText('تأكيد البريد الإلكتروني').waitFor();
      for (const view of ['Text', 'Headers', 'Message', 'Mail']) {
        await page.getByRole('link', { name: view, exact: true }).click();
        expect(await accessibilityFaults(page), view).to.deep.equal([]);
        expect(await page.title()).to.equal('Mailbox · Acme');
      }
      await publish({ to: 'bob@example.com' });
      await page.getByText('bob@example.com').waitFor();
      expect(await page.locator('#count').textContent()).to.equal('2 emails');
      expect(await page.locator('[id=emails] [aria-current]').count()).to.equal(1);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(320);
    } finally {
      await browser.close();
    }
  });
});
