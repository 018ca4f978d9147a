import { expect } from 'chai';
import { openApiDocument, signupPage } from '../../src/http/index.js';
import { fault } from '../../src/faults.js';
import { builtInWords } from '../../src/words/words.js';
import {
  errorBody,
  freshAddress,
  type Host,
  migratedDatabase,
  password,
  postForm,
  postJson,
  startHost,
  stopAll,
  tokensOf,
} from './test-host.js';

const brand = { termsUrl: 'https://acme.example/terms', termsVersion: '2026-03' };

describe('the terms of service over HTTP', () => {
  let host: Host;
  let page: string;

  before(async () => {
    host = await startHost(await migratedDatabase(), {
      options: { brand, proof: 'link-and-password' },
      configure: (app, fluentmeet) => void app.use('/signup', signupPage(fluentmeet)),
    });
    page = `${new URL(host.url).origin}/signup`;
  });
  after(stopAll);

  const versionOf = async (email: string) => (await host.fluentmeet.findUserByEmail(email))?.terms_version;

  it('are asked for by the API', async () => {
    const email = freshAddress();
    const refused = await postJson(`${host.url}/signup`, { email, password });
    expect(refused.status).to.equal(400);
    const expected = fault('accepted_terms', 'TERMS_NOT_ACCEPTED');
    expect(await refused.json()).to.deep.equal(
      errorBody('VALIDATION_ERROR', 'The request has invalid fields.', [expected]),
    );
    const taken = await postJson(`${host.url}/signup`, { email, password, accepted_terms: true });
    expect(taken.status).to.equal(201);
    expect(await taken.json()).not.to.have.any.keys('terms_version', 'accepted_terms');
    expect(await versionOf(email)).to.equal('2026-03');
  });

  it('are a required field of the OpenAPI document, of those alone who ask for them', () => {
    const schemaOf = (...args: Parameters<typeof openApiDocument>) =>
      openApiDocument(...args).components.schemas['SignUp'] as {
        properties: Record<string, object>;
        required: string[];
      };
    const { properties, required } = schemaOf(host.fluentmeet);
    expect(required).to.deep.equal(['email', 'password', 'accepted_terms']);
    expect(properties['accepted_terms']).to.include({ type: 'boolean', const: true });
    expect(JSON.stringify(properties['accepted_terms'])).to.contain(brand.termsUrl);
    expect(schemaOf().required).to.deep.equal(['email', 'password']);
  });

  for (const [language, words] of Object.entries(builtInWords)) {
    it(`are asked for by a tick beside its link, on both pages, in ${language}`, async () => {
      const send = async (url: string, fields: Record<string, string>) =>
        (await postForm(`${url}?lang=${language}`, fields)).text();
      const link = `<a href="${brand.termsUrl}" target="_blank">${words.terms}</a>`;
      const tick = words['signup.terms'].replace('{terms}', link);
      const refusal = words['fault.TERMS_NOT_ACCEPTED'].replace('{terms}', words.terms);
      const opened = await (await fetch(`${page}?lang=${language}`)).text();
      expect(opened).to.contain(tick).and.not.contain(words['signup.terms.notice'].split('{')[0]);
      const email = freshAddress();
      const refused = await send(page, { email, password });
      expect(refused.split(refusal)).to.have.length(3);
      expect(refused)
        .to.match(/<a href="#accepted_terms">/)
        .and.not.match(/\schecked/);
      // Kept through another fault, and through a change of the language or the address.
      for (const fields of [
        { password: 'x' },
        { password, action: 'language' },
        { password, action: 'change' },
      ]) {
        const again = await send(page, { email, accepted_terms: 'true', ...fields });
        expect(again).to.match(/id="accepted_terms"[^>]*\schecked/);
      }
      await send(page, { email, password, accepted_terms: 'true' });
      expect(await versionOf(email)).to.equal('2026-03');
      const { id } = (await host.fluentmeet.findUserByEmail(email))!;
      const [token] = (await tokensOf(host.fluentmeet, id)) as [string];
      const verify = `${host.url}/verify-email`;
      const proof = await (await fetch(`${verify}?token=${token}&lang=${language}`)).text();
      expect(proof)
        .to.contain(tick)
        .and.not.match(/\schecked/);
      const form = { token, action: 'verify', step: 'do', new_password: 'an umbrella in the orchestra' };
      expect(await send(verify, form)).to.contain(refusal);
      const done = await send(verify, { ...form, accepted_terms: 'true' });
      expect(done).to.contain(words['verified.title']);
    });
  }
});
