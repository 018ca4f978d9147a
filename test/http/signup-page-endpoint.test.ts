import { expect } from 'chai';
import { internalsOf } from '../../src/fluentmeet.js';
import { signupPage } from '../../src/http/index.js';
import type { FluentMeetOptions } from '../../src/index.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { signUpSchema } from '../../src/signup/signup-input.js';
import { builtInWords } from '../../src/words/words.js';
import { freshAddress, migratedDatabase, password, postForm, startHost, stopAll } from './test-host.js';

describe('the forms of the signup page', () => {
  let url: string;

  before(async () => {
    url = await pageUrl();
  });
  after(stopAll);

  async function pageUrl(options: Partial<FluentMeetOptions> = {}): Promise<string> {
    const host = await startHost(await migratedDatabase(), {
      options,
      configure: (app, fluentmeet) => void app.use('/signup', signupPage(fluentmeet)),
    });
    return `${new URL(host.url).origin}/signup`;
  }

  interface Form {
    path: string;
    fields: Record<string, string>;
  }

  const valueOf = (tag: string, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];

  /** What a browser without script would send by the button of this action, as far as our forms go. */
  function formOf(page: string, action: string): Form {
    const form = page
      .split('<form')
      .slice(1)
      .map((part) => part.split('</form>')[0] as string)
      .find((part) => part.includes(`value="${action}"`));
    if (form === undefined) throw new Error(`no form does ${action}`);
    const inputs = [...form.matchAll(/<input[^>]*>/g)].map(([tag]) => tag);
    const named = inputs.map((tag) => [valueOf(tag, 'name'), valueOf(tag, 'value') ?? '']);
    const fields = Object.fromEntries(named.filter(([name]) => name !== undefined)) as Record<string, string>;
    return { path: valueOf(form, 'action') as string, fields: { ...fields, action } };
  }

  async function send({ path, fields }: Form, changed: Record<string, string> = {}, to = url) {
    const response = await postForm(`${to}${path}`, { ...fields, ...changed });
    return { status: response.status, page: await response.text() };
  }

  const open = async (to = url) => formOf(await (await fetch(to)).text(), 'signup');

  it('sign up with another address after the link to change it', async () => {
    const first = await open();
    const { page } = await send(first, { email: freshAddress(), password });
    const changed = formOf((await send(formOf(page, 'change'))).page, 'signup');
    const { status } = await send(changed, { email: freshAddress(), password });
    expect(status).to.equal(200);
    expect(changed.fields['key']).not.to.equal(first.fields['key']);
  });

  it('are another signup once a field was changed after an answer, and the same one as it was', async () => {
    const { fields, path } = await open();
    const away = await pageUrl({ database: 'postgres://nobody@127.0.0.1:9/none' });
    const sent = { email: freshAddress(), password, full_name: 'Ada' };
    const failed = await send({ path, fields }, sent, away);
    expect(failed.status).to.equal(503);
    const again = formOf(failed.page, 'signup');
    expect(again.fields['key']).to.equal(fields['key']);
    // As where the answer was lost on its way: the signup stands.
    expect((await send({ path, fields }, sent)).status).to.equal(200);
    expect((await send(again, { password })).status).to.equal(200);
    const inAnotherLanguage = formOf((await send(again, { action: 'language' })).page, 'signup');
    expect((await send(inAnotherLanguage, { password })).status).to.equal(200);
    const changed = { email: freshAddress(), password };
    expect((await send(inAnotherLanguage, changed)).status).to.equal(200);
    // Its own answer may be lost, too.
    expect((await send(inAnotherLanguage, changed)).status).to.equal(200);
  });

  it('are no fault of ours where they are too large, or no form', async () => {
    const big = await postForm(url, { full_name: 'x'.repeat(40_000) });
    expect(big.status).to.equal(413);
    const json = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: '{}',
    });
    expect(json.status).to.equal(415);
    const [tooLarge, unreadable] = [await big.text(), await json.text()];
    expect(tooLarge)
      .to.include(builtInWords['en']!['too-large.text'])
      .and.not.to.include(builtInWords['en']!['failed.text']);
    expect(unreadable)
      .to.include(builtInWords['en']!['unreadable.text'])
      .and.not.to.include(builtInWords['en']!['failed.text']);
  });

  it('are refused where they have more than a hundred fields, before anything is made of these', async () => {
    const { status, page } = await send({ path: '', fields: fieldsToo(101) });
    expect(status).to.equal(413);
    expect(page).to.include(builtInWords['en']!['too-large.text']);
    const once = await pageUrl({ rateLimits: { signup: 1 } });
    const form = await open(once);
    const fields = { ...fieldsToo(100 - Object.keys(form.fields).length - 2), ...form.fields };
    const person = { email: freshAddress(), password };
    expect((await send({ ...form, fields }, person, once)).status).to.equal(200);
    // Where the budget is spent, too, that is what it says.
    expect((await send({ path: '', fields: fieldsToo(9_000) }, {}, once)).status).to.equal(429);
  });

  const fieldsToo = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [index.toString(36), '']));

  it('are counted before they are read: malformed and foreign ones, too', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const [status, headers, body] of [
      [403, { ...type, 'sec-fetch-site': 'cross-site' }, 'email=ada'],
      [415, { 'content-type': 'text/plain' }, 'email=ada'],
      [415, type, Buffer.from([0x61, 0x3d, 0xff])],
    ] as const) {
      const once = await pageUrl({ rateLimits: { signup: 1 } });
      const post = async () => (await fetch(once, { method: 'POST', headers, body })).status;
      expect([await post(), await post()]).to.deep.equal([status, 429]);
    }
  });

  it('have a budget each: a mail sent again is no signup, and one for another cannot be passed off as cheap', async () => {
    const once = await pageUrl({ rateLimits: { signup: 1, resend: 1 } });
    const { page } = await send(await open(once), { email: freshAddress(), password }, once);
    const resend = formOf(page, 'resend');
    expect((await send(resend, {}, once)).status).to.equal(200);
    const tooMany = await send(resend, {}, once);
    expect(tooMany.status).to.equal(429);
    expect(formOf(tooMany.page, 'resend'), 'what can be pressed there').to.deep.equal(resend);
    expect((await send(formOf(page, 'change'), {}, once)).status).to.equal(200);
    expect((await send({ ...resend, path: formOf(page, 'change').path }, {}, once)).status).to.equal(429);
  });

  it('say why there is no answer, and when to try again, also where an invite is asked for', async () => {
    const words = builtInWords['en']!;
    const busy = await pageUrl({ signup: 'invite', rateLimits: { signup: 1 } });
    const away = await pageUrl({ signup: 'invite', database: 'postgres://nobody@127.0.0.1:9/none' });
    const fields = { email: freshAddress(), password, invite: 'fmi_none' };
    await send({ path: '', fields }, {}, busy);
    for (const invite of ['', 'fmi_none']) {
      const many = await send({ path: '', fields }, { invite }, busy);
      expect(many.page)
        .to.contain(words['too-many.text'])
        .and.match(/Try again in \d+ seconds/);
      expect(many.page).not.to.contain(words['signup.invite-required.title']);
    }
    const gone = await send({ path: '', fields }, {}, away);
    expect(gone.page.split('<template')[0]?.match(/[Tt]ry again/g)).to.deep.equal(['Try again']);
  });

  it('are answered by a page, with all that was typed, where the database fails while a fault is shown', async () => {
    const away = await pageUrl({ signup: 'invite', database: 'postgres://nobody@127.0.0.1:9/none' });
    for (const [action, fields] of [
      ['signup', { email: 'ada@', password, full_name: 'Ada' }],
      ['change', { email: freshAddress(), full_name: 'Ada' }],
      ['language', { email: freshAddress(), full_name: 'Ada' }],
    ] as const) {
      const sent = { ...fields, action, invite: 'fmi_none' };
      const response = await postForm(`${away}?action=${action}`, sent);
      const page = await response.text();
      expect(response.status, action).to.equal(503);
      expect(response.headers.get('content-type'), action).to.match(/^text\/html/);
      expect(response.headers.get('retry-after'), action).to.equal('5');
      expect(page).to.contain(builtInWords['en']!['away.title']).and.contain(`value="${fields.email}"`);
      expect(page).to.contain('value="Ada"');
    }
  });

  it('repeat no more of an invite than one can have', async () => {
    const away = await pageUrl({ signup: 'invite', database: 'postgres://nobody@127.0.0.1:9/none' });
    const invited = await pageUrl({ signup: 'invite' });
    for (const url of [away, invited]) {
      const opened = await (await fetch(`${url}?invite=${'x'.repeat(10_000)}`)).text();
      expect(opened).to.contain('x'.repeat(50)).and.not.contain('x'.repeat(101));
    }
    expect(await (await fetch(`${invited}?invite=${'x'.repeat(10_000)}`)).text()).to.contain(
      builtInWords['en']!['signup.invite-invalid'],
    );
  });

  it('leave one line of the log where they tell that an invite is not valid, also as they are opened', async () => {
    const host = await startHost(await migratedDatabase(), {
      options: { signup: 'invite' },
      configure: (app, fluentmeet) => void app.use('/signup', signupPage(fluentmeet)),
    });
    const page = `${new URL(host.url).origin}/signup`;
    host.lines.length = 0;
    const person = { email: freshAddress(), password, invite: 'fmi_none' };
    for (const [send, status] of [
      [() => fetch(`${page}?invite=fmi_none`), 200],
      [() => postForm(page, { ...person, email: 'ada@' }), 400],
      [() => postForm(page, person), 403],
    ] as const) {
      expect((await send()).status).to.equal(status);
      const [line, ...more] = host.lines.splice(0);
      expect(more).to.deep.equal([]);
      expect(line).to.include({ event: 'http.refused', route: 'signup-page', code: 'INVITE_INVALID' });
    }
    await fetch(page);
    expect(host.lines).to.deep.equal([]);
  });

  it('leave no line of an invite where something else was refused, or nothing: it was spent by this signup', async () => {
    const host = await startHost(await migratedDatabase(), {
      options: { signup: 'invite' },
      configure: (app, fluentmeet) => void app.use('/signup', signupPage(fluentmeet)),
    });
    const page = `${new URL(host.url).origin}/signup`;
    const { token: invite } = await createInvite(internalsOf(host.fluentmeet), {});
    const key = 'k'.repeat(32);
    const person = { email: freshAddress(), password, invite, key };
    expect((await postForm(page, person)).status).to.equal(200);
    host.lines.length = 0;
    for (const action of ['change', 'language']) {
      const turned = await postForm(`${page}?action=${action}`, { ...person, action });
      expect(await turned.text()).to.contain(builtInWords['en']!['signup.invite-invalid']);
    }
    expect(host.lines).to.deep.equal([]);
    expect((await postForm(page, { ...person, email: freshAddress() })).status).to.equal(422);
    expect(host.lines.map(({ event, code }) => [event, code])).to.deep.equal([
      ['http.refused', 'IDEMPOTENCY_KEY_REUSED'],
    ]);
  });

  it('answer a page to what is no language, and put none of it into the page', async () => {
    for (const action of ['signup', 'change', 'language']) {
      for (const sent of ['en_US', 'en-', 'a onfocus=alert(1)', '<b>', '__proto__', 'x'.repeat(40)]) {
        for (const field of ['speaking_language', 'listening_language']) {
          const form = await open();
          const fields = { ...form.fields, email: freshAddress(), password, action, [field]: sent };
          const response = await postForm(`${url}${form.path}`, fields);
          const page = await response.text();
          expect(response.headers.get('content-type'), `${action} ${field} ${sent}`).to.match(/^text\/html/);
          expect(response.status).to.equal(action === 'signup' ? 400 : 200);
          for (const end of [' ', '>']) expect(page).not.to.contain(`value=${sent}${end}`);
          expect(page).not.to.contain('onfocus');
        }
      }
    }
  });

  it('name a missing invite together with the other faults, in the order of the page', async () => {
    const brand = { termsUrl: 'https://acme.example/terms', termsVersion: '1' };
    const invited = await pageUrl({ signup: 'invite', brand });
    const fields = { email: 'ada', password: 'password1', speaking_language: 'xx' };
    const { page } = await send({ path: '', fields }, {}, invited);
    expect([...page.matchAll(/<li><a href="#(\w+)">/g)].map(([, field]) => field)).to.deep.equal([
      'invite',
      'email',
      'password',
      'speaking_language',
      'accepted_terms',
    ]);
  });

  it('say without script that a password has to be typed again', async () => {
    const { page } = await send({ path: '', fields: { email: 'ada', password } });
    const again = builtInWords['en']!['confirm.password.again'];
    expect(page).to.contain(`<noscript><strong>${again}</strong></noscript>`);
    const short = await send({ path: '', fields: { email: 'ada', password: 'x' } });
    expect(short.page + (await (await fetch(url)).text())).not.to.contain(again);
  });

  it('say in each language that a password or an address is missing, not that it is too short', async () => {
    for (const [language, words] of Object.entries(builtInWords)) {
      for (const email of ['', '  ']) {
        const { page } = await send({ path: `?lang=${language}`, fields: { email, password: '' } });
        expect(page).to.include(words['fault.PASSWORD_MISSING']).and.include(words['fault.EMAIL_MISSING']);
      }
    }
  });

  it('have the language selected that was picked for the page, else what the browser asks for', async () => {
    const selected = async (query: string, accepted: string) => {
      const page = await (await fetch(url + query, { headers: { 'accept-language': accepted } })).text();
      return /<select[^>]*id="listening_language".*?<option value=(\S*) selected/s.exec(page)?.[1];
    };
    expect(await selected('', 'de-AT, en')).to.equal('de');
    expect(await selected('?lang=fr', 'en-US')).to.equal('fr');
    expect(await selected('?lang=fr', 'en-US, fr-CA')).to.equal('fr-CA');
  });

  it('have a field for each that the schema knows', async () => {
    const asking = await pageUrl({
      signup: 'invite',
      brand: { termsUrl: 'https://a.example', termsVersion: '1' },
    });
    const page = await (await fetch(asking)).text();
    for (const name of Object.keys(signUpSchema().shape)) {
      expect(page, name).to.match(new RegExp(`<(input|select)[^>]*\\sname="${name}"`));
    }
  });

  it('let password managers fill passwords in, and people paste them', async () => {
    const page = await (await fetch(url)).text();
    const [field = '', ...others] = page.match(/<input[^>]*type="password"[^>]*>/g) ?? [];
    expect(others).to.deep.equal([]);
    expect(valueOf(field, 'autocomplete')).to.equal('new-password');
    // By its tag no handler can be there, for the policy lets none be.
    const script = valueOf(page.match(/<script[^>]*>/)?.[0] ?? '', 'src');
    expect(await (await fetch(new URL(script!, url))).text())
      .to.match(/addEventListener/)
      .and.not.match(/paste/i);
  });

  it('ask for no language where there is one alone', async () => {
    const alone = await pageUrl({ languages: ['pt-BR'] });
    const form = await open(alone);
    expect(await (await fetch(alone)).text()).not.to.contain('<select');
    const { status, page } = await send(form, { email: freshAddress(), password }, alone);
    expect(status, page).to.equal(200);
  });

  it("add to the host's own Vary", async () => {
    const host = await startHost(await migratedDatabase(), {
      configure(app, fluentmeet) {
        app.use((_req, res, next) => {
          res.vary('Origin');
          next();
        });
        app.use('/signup', signupPage(fluentmeet));
      },
    });
    const { headers } = await fetch(`${new URL(host.url).origin}/signup`);
    expect(headers.get('vary')).to.equal('Origin, Accept-Language');
  });
});
