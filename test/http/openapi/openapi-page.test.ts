import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { HtmlValidate } from 'html-validate';
import { openApiDocument } from '../../../src/http/index.js';
import { openApiPage } from '../../../src/http/openapi/openapi-page.js';
import { accessibilityFaults, startChromium } from '../../support/chromium.js';
import { createInstance, stopAll } from '../test-host.js';

const { fluentmeet } = createInstance('postgres://nobody@127.0.0.1:1/none', {
  brand: { name: '<b>Brand</b>' },
  languages: ['en', 'fr'],
});
const document = openApiDocument(fluentmeet);
const { markup, headers } = openApiPage(document, 'openapi.json');

describe('openApiPage', () => {
  after(stopAll);

  it('shows every operation, field, status and code of the document', () => {
    const { schemas } = document.components as { schemas: Record<string, { properties: object }> };
    const fields = ['SignUp', 'VerifyEmail', 'ResendVerification'].flatMap((name) =>
      Object.keys(schemas[name]!.properties),
    );
    const codes = JSON.stringify(document.paths)
      .match(/"[A-Z]+_[A-Z_]+"/g)!
      .map((code) => code.slice(1, -1));
    for (const text of [...Object.keys(document.paths), ...fields, ...codes, '503']) {
      expect(markup, text).to.match(new RegExp(`>[^<]*${text}\\b`));
    }
  });

  it('is valid HTML, and markup of nobody else', async () => {
    expect(markup).to.contain('&lt;b&gt;Brand&lt;/b&gt; signup').and.not.contain('<b>Brand');
    const validator = new HtmlValidate({
      root: true,
      extends: ['html-validate:standard', 'html-validate:a11y'],
      // As Prettier writes it.
      rules: { 'void-style': 'off', 'no-trailing-whitespace': 'off' },
    });
    const { results } = await validator.validateString(markup);
    expect(
      results.flatMap(({ messages }) => messages.map(({ message, line }) => `${line}: ${message}`)),
    ).to.deep.equal([]);
  });

  it('is styled, loads nothing, and can be read by everybody', async function () {
    const browser = await startChromium(this);
    const server = createServer((_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/html', ...headers }).end(markup);
    }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const page = await browser.newPage({ bypassCSP: false });
      const requested: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => requested.push(request.url()));
      page.on('console', (message) => complaints.push(message.text()));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi`;
      await page.goto(url);
      expect(await page.evaluate(`getComputedStyle(document.querySelector('pre')).whiteSpace`)).to.equal(
        'pre-wrap',
      );
      // The browser asks for this one by itself.
      expect(requested.filter((one) => !one.endsWith('/favicon.ico'))).to.deep.equal([url]);
      expect(complaints).to.deep.equal([]);
      expect(await accessibilityFaults(page)).to.deep.equal([]);
    } finally {
      await browser.close();
      server.close();
    }
  });
});
