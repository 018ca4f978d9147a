import { expect } from 'chai';
import { SignUpRefusedError } from '../../src/index.js';
import {
  freshAddress,
  type Host,
  migratedDatabase,
  password,
  postForm,
  postJson,
  signedUp,
  startHost,
  stopAll,
  tokensOf,
} from './test-host.js';

const newPassword = 'an umbrella in the orchestra';

describe("POST /verify-email with proof: 'link-and-password'", () => {
  let host: Host;
  before(async () => {
    host = await startHost(await migratedDatabase(), {
      options: { proof: 'link-and-password', languages: ['en', 'fr'] },
    });
  });
  after(stopAll);

  const url = () => `${host.url}/verify-email`;
  const isVerified = async (email: string) => (await host.fluentmeet.findUserByEmail(email))?.is_verified;

  it('asks an API client for the password, or takes a new one', async () => {
    const { email, token } = await signedUp(host);
    for (const [body, code] of [
      [{ token }, 'PASSWORD_REQUIRED'],
      [{ token, password: 'not this one' }, 'WRONG_PASSWORD'],
    ] as const) {
      const response = await postJson(url(), body);
      expect(response.status).to.equal(403);
      expect(((await response.json()) as { code: string }).code).to.equal(code);
    }
    expect(await isVerified(email)).to.equal(false);
    expect((await postJson(url(), { token, password })).status).to.equal(200);
    expect(await isVerified(email)).to.equal(true);
    const other = await signedUp(host);
    const proof = { token: other.token, new_password: newPassword, full_name: 'Ada' };
    expect((await postJson(url(), proof)).status).to.equal(200);
    expect((await host.fluentmeet.findUserByEmail(other.email))?.full_name).to.equal('Ada');
  });

  it('never takes a GET, whatever stands in its query', async () => {
    const { email, token } = await signedUp(host);
    const query = new URLSearchParams({ token, password, new_password: newPassword });
    const response = await fetch(`${url()}?${query.toString()}`, { headers: { accept: 'application/json' } });
    expect(response.status).to.equal(403);
    expect(await isVerified(email)).to.equal(false);
  });

  it('asks on the page, shows every stored field, and says what was wrong', async () => {
    const { email, token } = await signedUp(host);
    const opened = await (
      await fetch(`${url()}?token=${token}`, { headers: { accept: 'text/html' } })
    ).text();
    for (const name of ['password', 'new_password', 'full_name', 'speaking_language', 'listening_language']) {
      expect(opened).to.contain(`name="${name}"`);
    }
    expect(opened)
      .to.match(/<option value=en selected/)
      .and.contain('<option value=fr>');
    const form = { token, action: 'verify', step: 'do' };
    host.lines.length = 0;
    const wrong = await postForm(url(), { ...form, password: 'not this one' });
    expect(wrong.status).to.equal(403);
    const [line, ...more] = host.lines;
    expect(more).to.deep.equal([]);
    expect(line).to.include({ event: 'http.refused', route: 'verify-email', code: 'WRONG_PASSWORD' });
    const again = await wrong.text();
    expect(again)
      .to.contain('This is not the password that was chosen at signup.')
      .and.contain('aria-invalid="true"')
      .and.contain('<title>Error: ');
    expect(again).not.to.contain('not this one');
    const short = await postForm(url(), { ...form, new_password: 'short', full_name: 'Ada' });
    expect(short.status).to.equal(400);
    expect(await short.text()).to.contain('This password is too short.');
    expect(await isVerified(email)).to.equal(false);
    const done = await postForm(url(), { ...form, new_password: newPassword, full_name: 'Ada' });
    expect(done.status).to.equal(200);
    expect(await done.text()).to.contain('Your email address is confirmed');
    expect(await isVerified(email)).to.equal(true);
  });

  it('verifies by the password of the signup on the page', async () => {
    const { email, token } = await signedUp(host);
    const form = { token, action: 'verify', step: 'do', password };
    expect((await postForm(url(), form)).status).to.equal(200);
    expect(await isVerified(email)).to.equal(true);
  });

  describe('on the page', () => {
    const stranger = { full_name: 'Mallory', speaking_language: 'fr', listening_language: 'fr' };
    const typed = {
      full_name: 'Ada "Countess" <Lovelace>',
      speaking_language: 'en',
      listening_language: 'fr',
    };
    const escaped = 'value="Ada &quot;Countess&quot; &lt;Lovelace&gt;"';

    async function byStranger() {
      const email = freshAddress();
      const { id } = await host.fluentmeet.signUp({ email, password, ...stranger });
      return {
        email,
        form: { token: (await tokensOf(host.fluentmeet, id))[0]!, action: 'verify', step: 'do' },
      };
    }

    async function send(fields: Record<string, string>, to = url()) {
      const response = await postForm(to, fields);
      return { status: response.status, text: await response.text() };
    }

    /** What the form with this field, or around this button, would send if nothing were typed. */
    function fieldsOf(text: string, mark: string): Record<string, string> {
      const forms = [...text.matchAll(/<form[^>]*>.*?<\/form>/gs)].map(([form]) => form);
      const form = forms.find((one) => one.includes(mark)) ?? '';
      const named = [...form.matchAll(/<(?:input|button)\s[^>]*?name="(\w+)"\s[^>]*?value="([^"]*)"/g)];
      return Object.fromEntries(named.map(([, name = '', value = '']) => [name, unescaped(value)]));
    }

    const unescaped = (value: string) =>
      value.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>');

    const chosen = (text: string, field: string) =>
      new RegExp(`<select[^>]* name="${field}".*?<option value=(\\S*) selected`, 's').exec(text)?.[1];

    function expectTyped(text: string) {
      expect(text).to.contain(escaped).and.not.to.contain('Mallory');
      expect(chosen(text, 'speaking_language')).to.equal('en');
      expect(chosen(text, 'listening_language')).to.equal('fr');
    }

    it('shows the words of a host that refuses a new password, with its status, and keeps what was typed', async () => {
      const refusing = await startHost(await migratedDatabase(), {
        options: {
          proof: 'link-and-password',
          languages: ['en', 'fr'],
          passwordBlocklist(candidate) {
            if (candidate !== newPassword) return false;
            throw new SignUpRefusedError({ code: 'SEEN', message: 'Acme & co. have seen it.', status: 422 });
          },
        },
      });
      const { token } = await signedUp(refusing);
      const verify = `${refusing.url}/verify-email`;
      const form = { token, action: 'verify', step: 'do', new_password: newPassword };
      const { status, text } = await send({ ...form, ...typed }, verify);
      expect(status).to.equal(422);
      expect(text)
        .to.contain('id="new_password-fault">Acme &amp; co. have seen it.<')
        .and.contain('<title>Error: ');
      expectTyped(text);
      const json = await postJson(verify, { token, new_password: newPassword });
      expect(json.status).to.equal(422);
      expect(await json.json()).to.include({ code: 'SEEN', message: 'Acme & co. have seen it.' });
    });

    it('keeps what was typed beside a fault, and shows nothing of the stranger’s in its place', async () => {
      const { form } = await byStranger();
      const short = await send({ ...form, new_password: 'short', ...typed });
      expect(short.status).to.equal(400);
      expectTyped(short.text);
      expect(short.text).not.to.contain('value="short"');
      const nameless = await send({ ...form, new_password: 'short', ...typed, full_name: '' });
      expect(nameless.text).not.to.contain('Mallory');
      expect(nameless.text).not.to.contain('Please type your password again');
      const named = await send({
        ...form,
        new_password: newPassword,
        ...typed,
        full_name: 'www.example.com',
      });
      expect(named.text).to.match(/id="full_name-fault"/);
      expect(named.text).to.match(/id="new_password-hint"[^>]*>.*Please type your password again/);
      expect(named.text).not.to.contain(newPassword);
      // By hand: no page of ours sends such a one.
      const odd = await send({ ...form, new_password: 'short', ...typed, speaking_language: '"><b>' });
      expect(odd.status).to.equal(400);
      expect(odd.text).not.to.contain('"><b>');
    });

    it('names an empty field for what it is, beside the one that is empty', async () => {
      const { form } = await byStranger();
      const none = await send({ ...form, password: '' });
      expect(none.status).to.equal(403);
      expect(none.text).not.to.contain('This is not the password');
      expect(none.text).to.match(/id="password-fault"[^>]*>Enter the password that you chose/);
      const noNew = await send({ ...form, new_password: '', ...typed });
      expect(noNew.status).to.equal(400);
      expect(noNew.text).to.match(/id="new_password-fault"/);
      expectTyped(noNew.text);
    });

    for (const [status, answer] of [
      [429, async () => ({ options: { proof: 'link-and-password', rateLimits: { verify: 1 } } })],
      [503, async () => ({ database: 'postgres://nobody@127.0.0.1:1/none' })],
    ] as const) {
      it(`says after ${status} what to type again, without a fault, and keeps the rest`, async () => {
        const { form, email } = await byStranger();
        const { database = await migratedDatabase(), ...rest } = (await answer()) as {
          database?: string;
          options?: object;
        };
        const other = await startHost(database, { options: { proof: 'link-and-password' }, ...rest });
        if (status === 429) await fetch(`${other.url}/verify-email?token=none`);
        const failed = async (fields: Record<string, string>) => {
          const { status: got, text } = await send({ ...form, ...fields }, `${other.url}/verify-email`);
          expect(got).to.equal(status);
          expect(text).not.to.contain(newPassword).and.not.to.contain(password);
          return fieldsOf(text, 'Try again');
        };
        const again = await send(await failed({ new_password: newPassword, ...typed }));
        expect(again.status).to.equal(200);
        expectTyped(again.text);
        expect(again.text).to.match(/id="new_password-hint"[^>]*>.*Please type your password again/);
        expect(again.text).not.to.contain('class="fault"');
        const known = await send(await failed({ password }));
        expect(known.text).to.match(/id="password-hint"[^>]*>.*Please type your password again/);
        expect(known.text).not.to.contain('class="fault"').and.not.to.contain('This is not the password');
        // Once more in vain, and still nothing is lost.
        const twice = await send(await failed(await failed({ new_password: newPassword, ...typed })));
        expectTyped(twice.text);
        expect(twice.text).to.contain('Please type your password again');
        expect((await host.fluentmeet.findUserByEmail(email))?.is_verified).to.equal(false);
      });
    }

    it('changes its language with what was typed and without the token in an address', async () => {
      const { form } = await byStranger();
      const opened = await (await fetch(`${url()}?token=${form.token}`)).text();
      expect(opened).to.match(
        /<button\s[^>]*formaction="\?lang=de"\s+name="step"\s+value="ask"\s+formnovalidate/,
      );
      for (const [, address] of opened.matchAll(/(?:href|action|formaction)="([^"]*)"/g)) {
        expect(address).not.to.contain(form.token);
      }
      const ask = { ...form, step: 'ask', ...typed };
      const german = await send({ ...ask, new_password: '' }, `${url()}?lang=de`);
      expect(german.status).to.equal(200);
      expect(german.text).to.contain('<html lang="de"').and.contain('formaction="?lang=ar"');
      expectTyped(german.text);
      expect(german.text).not.to.contain('noch einmal');
      const secret = await send({ ...ask, new_password: newPassword }, `${url()}?lang=de`);
      expect(secret.text).to.contain('Bitte geben Sie Ihr Passwort noch einmal ein');
      expect(secret.text).not.to.contain(newPassword);
      const wrong = await send({ ...form, password: 'not this one' }, `${url()}?lang=de`);
      expect(wrong.text).to.contain('formaction="?lang=ar"');
    });
  });
});
