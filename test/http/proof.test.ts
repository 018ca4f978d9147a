import { expect } from 'chai';
import {
  type Host,
  migratedDatabase,
  password,
  postForm,
  postJson,
  signedUp,
  startHost,
  stopAll,
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
      .to.match(/<option value="en" selected>/)
      .and.contain('<option value="fr"');
    const form = { token, action: 'verify', step: 'do' };
    const wrong = await postForm(url(), { ...form, password: 'not this one' });
    expect(wrong.status).to.equal(403);
    const again = await wrong.text();
    expect(again)
      .to.contain('This is not the password that was chosen at signup.')
      .and.contain('role="alert"');
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
});
