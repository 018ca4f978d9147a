import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { AccountHeldError } from '../../src/errors.js';
import { internalsOf } from '../../src/fluentmeet.js';
import type { HttpRequest } from '../../src/http/http-request.js';
import { failureReply } from '../../src/http/page-failure.js';
import { lookOf } from '../../src/http/pages/look.js';
import { readerOf } from '../../src/http/pages/reader.js';
import type { Brand } from '../../src/index.js';
import { builtInWords } from '../../src/words/words.js';
import { createInstance, stopAll } from './test-host.js';

describe('the page of an account that rows of the host’s hold', () => {
  after(stopAll);

  function pageOf(brand: Brand, language: string) {
    const { fluentmeet } = createInstance('postgres://nobody@127.0.0.1:9/none', { brand });
    const context = internalsOf(fluentmeet);
    const req = { url: `/?lang=${language}`, headers: {} } as HttpRequest;
    const setting = { look: lookOf(context), reader: readerOf(context, req) };
    const res = { getHeader: () => undefined } as unknown as ServerResponse;
    const error = new AccountHeldError('teams_owner', 'teams');
    return failureReply(setting, { ...context, route: 'verify-email', res }, error, { token: 't' });
  }

  it('says so in every language, leads to the host’s support, and has nobody try again in vain', () => {
    for (const [language, words] of Object.entries(builtInWords)) {
      const plain = pageOf({}, language) as { status: number; html: string };
      expect(plain.status).to.equal(409);
      expect(plain.html)
        .to.contain(words['held.text'])
        .and.not.contain(words['try-again'])
        .and.not.contain('class="button');
      const helped = pageOf({ supportUrl: 'https://app.example/help' }, language) as { html: string };
      expect(helped.html)
        .to.match(new RegExp(`class="button first" href="https://app.example/help">${words.support}<`))
        .and.not.contain(words['try-again']);
    }
  });
});
