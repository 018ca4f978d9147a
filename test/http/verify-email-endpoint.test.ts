import { createHash } from 'node:crypto';
import { expect } from 'chai';
import express from 'express';
import { fault } from '../../src/faults.js';
import { signupPage } from '../../src/http/index.js';
import { builtInWords } from '../../src/words/words.js';
import {
  errorBody,
  type ExpressVersion,
  expressVersions,
  type Host,
  migratedDatabase,
  postForm,
  postJson,
  query,
  signedUp,
  startHost,
  stopAll,
  tokensOf,
} from './test-host.js';

const verified = { status: 'ok', message: 'Email successfully verified. You can now log in.' };
const missing = errorBody('MISSING_TOKEN', 'The verification token is missing.');
const invalid = errorBody('INVALID_TOKEN', 'This verification link is not valid.');
const expired = errorBody('TOKEN_EXPIRED', 'This verification link has expired. Ask for a new one.');
const json = { accept: 'application/json' };
const unknown = '00000000-0000-8000-8000-000000000000';

for (const version of Object.keys(expressVersions) as ExpressVersion[]) {
  describe(`/verify-email on ${version}`, () => {
    let host: Host;
    let verify: string;

    before(async () => {
      host = await startHost(await migratedDatabase(), { version });
      verify = `${host.url}/verify-email`;
    });
    after(stopAll);

    async function isVerified(id: number): Promise<boolean> {
      const [row] = await query<{ is_verified: boolean }>(
        host.fluentmeet,
        'select is_verified from users where id = $1',
        [id],
      );
      return row?.is_verified ?? false;
    }

    async function expire(id: number): Promise<void> {
      await query(
        host.fluentmeet,
        `update verification_tokens set expires_at = now() - interval '1 second' where user_id = $1 returning id`,
        [id],
      );
    }

    const ways: Record<string, (token: string) => Promise<Response>> = {
      'POST of JSON': (token) => postJson(verify, { token }),
      'POST with the token in the query': (token) => fetch(`${verify}?token=${token}`, { method: 'POST' }),
      'POST of an empty JSON body and the token in the query': (token) =>
        fetch(`${verify}?token=${token}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
        }),
      'POST of a form that asks for JSON': (token) => postForm(verify, { token }, json),
      'GET that asks for JSON': (token) => fetch(`${verify}?token=${token}`, { headers: json }),
    };
    for (const [way, send] of Object.entries(ways)) {
      it(`verifies by ${way}, and says the same a second time`, async () => {
        const { id, token } = await signedUp(host);
        for (let time = 1; time <= 2; time++) {
          const response = await send(token);
          expect(response.status).to.equal(200);
          expect(await response.json()).to.deep.equal(verified);
          expect(response.headers.get('cache-control')).to.equal('no-store');
        }
        expect(await isVerified(id)).to.equal(true);
      });

      it(`refuses an unknown token by ${way}`, async () => {
        const response = await send(unknown);
        expect(response.status).to.equal(400);
        expect(await response.json()).to.deep.equal(invalid);
      });

      it(`refuses an expired token by ${way}`, async () => {
        const { id, token } = await signedUp(host);
        await expire(id);
        const response = await send(token);
        expect(response.status).to.equal(400);
        expect(await response.json()).to.deep.equal(expired);
        expect(await isVerified(id)).to.equal(false);
      });
    }

    it('changes nothing by GET, HEAD and OPTIONS, whatever is accepted short of JSON by name', async () => {
      const { id, token } = await signedUp(host);
      const link = `${verify}?token=${token}`;
      for (const accept of ['*/*', 'text/html', 'application/*', 'text/html, application/json']) {
        const response = await fetch(link, { headers: { accept } });
        expect(response.status).to.equal(200);
        expect(await response.text()).to.include('Confirm email address');
      }
      for (const accept of ['*/*', 'application/json']) {
        const head = await fetch(link, { method: 'HEAD', headers: { accept } });
        expect(head.status).to.equal(200);
        expect(head.headers.get('content-type')).to.equal('text/html; charset=utf-8');
        const options = await fetch(link, { method: 'OPTIONS', headers: { accept } });
        expect(options.status).to.equal(204);
        expect(options.headers.get('allow')).to.equal('GET, HEAD, POST, OPTIONS');
      }
      expect(await isVerified(id)).to.equal(false);
    });

    it('answers 405 with Allow to other methods', async () => {
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const response = await fetch(verify, { method });
        expect(response.status).to.equal(405);
        expect(response.headers.get('allow')).to.equal('GET, HEAD, POST, OPTIONS');
        expect(await response.json()).to.include({ code: 'METHOD_NOT_ALLOWED' });
      }
    });

    it('misses a token', async () => {
      for (const send of [
        () => postJson(verify, {}),
        () => postJson(verify, { token: '' }),
        () => postJson(verify, { token: null }),
        () => fetch(verify, { method: 'POST' }),
        () => fetch(`${verify}?token=`, { method: 'POST' }),
        () => fetch(`${verify}?token[]=${unknown}`, { headers: json }),
        () => fetch(verify, { headers: json }),
      ]) {
        const response = await send();
        expect(response.status).to.equal(400);
        expect(await response.json()).to.deep.equal(missing);
      }
    });

    it('refuses garbage', async () => {
      const { id, token } = await signedUp(host);
      for (const send of [
        () => postJson(verify, { token: [token] }),
        () => postJson(verify, { token: { $ne: '' } }),
        () => postJson(verify, { token: 7 }),
        () => postJson(verify, { token: `${token.slice(0, -1)}%` }),
        () => fetch(`${verify}?token=${token}&token=${token}`, { method: 'POST' }),
        () => fetch(`${verify}?token=%E0%A4%A`, { headers: json }),
        () => fetch(`${verify}?token=%`, { headers: json }),
        () => fetch(`${verify}?token=${'x'.repeat(5000)}`, { headers: json }),
      ]) {
        const response = await send();
        expect(response.status).to.equal(400);
        expect(await response.json()).to.deep.equal(invalid);
      }
      expect(await isVerified(id)).to.equal(false);
    });

    it('takes the token in capitals, as some mail programs show it', async () => {
      const { token } = await signedUp(host);
      expect((await postJson(verify, { token: token.toUpperCase() })).status).to.equal(200);
    });

    it('undoes the damage that mail programs do to a link, for the page and each of its buttons', async () => {
      const damaged = (token: string) => `<${token}>.`;
      const { id, token } = await signedUp(host);
      const page = await fetch(`${verify}?token=${encodeURIComponent(damaged(token))}`);
      expect(page.status).to.equal(200);
      expect(await page.text()).to.include('name="action" value="verify"');
      await expire(id);
      expect((await postForm(verify, { token: damaged(token), action: 'resend' })).status).to.equal(200);
      const [, fresh] = (await tokensOf(host.fluentmeet, id)) as [string, string];
      expect(
        (await postForm(verify, { token: damaged(fresh), action: 'remove', step: 'do' })).status,
      ).to.equal(200);
      expect(await isVerified(id)).to.equal(false);
      expect((await postJson(verify, { token: fresh })).status).to.equal(400);
    });

    it('makes one transition of twenty clicks at once', async () => {
      const { id, token } = await signedUp(host);
      const responses = await Promise.all(Array.from({ length: 20 }, () => postJson(verify, { token })));
      expect(responses.map(({ status }) => status)).to.deep.equal(Array.from({ length: 20 }, () => 200));
      const transitions = host.lines.filter(
        ({ event, userId }) => event === 'user.verified' && userId === id,
      );
      expect(transitions).to.have.length(1);
      const [tokens] = await query<{ used: string }>(
        host.fluentmeet,
        'select count(used_at) as used from verification_tokens where user_id = $1',
        [id],
      );
      expect(tokens?.used).to.equal('1');
    });

    it('takes any link of a verified account as success: sibling, used, expired', async () => {
      const { id, email, token } = await signedUp(host);
      await host.fluentmeet.resendVerification({ email });
      const sibling = (await tokensOf(host.fluentmeet, id))[1] as string;
      expect(sibling).to.be.a('string').and.not.to.equal(token);
      expect((await postJson(verify, { token: sibling })).status).to.equal(200);
      await expire(id);
      for (const each of [token, sibling]) {
        expect(await (await postJson(verify, { token: each })).json()).to.deep.equal(verified);
      }
    });

    for (const [state, change] of Object.entries({
      'a deleted': 'deleted_at = now()',
      'an inactive': 'is_active = false',
      'a verified and then deleted': 'is_verified = true, deleted_at = now()',
    })) {
      it(`answers INVALID_TOKEN for ${state} account`, async () => {
        const { id, token } = await signedUp(host);
        await query(host.fluentmeet, `update users set ${change} where id = $1 returning id`, [id]);
        expect(await (await postJson(verify, { token })).json()).to.deep.equal(invalid);
        expect(await (await fetch(`${verify}?token=${token}`)).text()).to.include('This link is not valid');
      });
    }

    it('removes the unverified account that somebody else made, and no verified one', async () => {
      const mine = await signedUp(host);
      const response = await postJson(verify, { token: mine.token, action: 'remove' });
      expect(response.status).to.equal(200);
      expect(await response.json()).to.deep.equal({
        status: 'ok',
        message: 'The unverified account was removed.',
      });
      expect(await host.fluentmeet.findUserByEmail(mine.email)).to.equal(null);
      const other = await signedUp(host);
      await postJson(verify, { token: other.token });
      const refused = await postJson(verify, { token: other.token, action: 'remove' });
      expect(await refused.json()).to.deep.equal(invalid);
      expect(await isVerified(other.id)).to.equal(true);
    });

    it("says in public nothing of the host's tables where they hold the account, and all of it in the log", async () => {
      const mine = await signedUp(host);
      await query(
        host.fluentmeet,
        'create table teams (owner bigint constraint teams_owner references users)',
      );
      await query(host.fluentmeet, 'insert into teams values ($1) returning owner', [mine.id]);
      host.lines.length = 0;
      const response = await postJson(verify, { token: mine.token, action: 'remove' });
      expect(response.status).to.equal(409);
      const held = errorBody('ACCOUNT_HELD', 'This account cannot be removed at the moment.');
      expect(await response.json()).to.deep.equal(held);
      const form = await postForm(verify, { token: mine.token, action: 'remove', step: 'do' });
      expect(form.status).to.equal(409);
      const page = await form.text();
      expect(page).not.to.contain('teams');
      const words = builtInWords['en']!;
      expect(page).to.contain(words['held.text']).and.not.contain(words['try-again']);
      const names = { level: 'error', event: 'http.account-held', constraint: 'teams_owner', table: 'teams' };
      expect(host.lines).to.have.lengthOf(2);
      for (const line of host.lines) expect(line).to.include(names).and.have.property('requestId');
      await query(host.fluentmeet, 'drop table teams');
    });

    it('sends a new link for an expired one, in JSON as well', async () => {
      const { id, token } = await signedUp(host);
      await expire(id);
      const response = await postJson(verify, { token, action: 'resend' });
      expect(response.status).to.equal(200);
      expect(await response.json()).to.include({ status: 'ok' });
      expect(await tokensOf(host.fluentmeet, id)).to.have.length(2);
    });

    it('says of what is no token that it is none, whatever is wanted', async () => {
      for (const action of ['verify', 'resend', 'remove']) {
        const refused = await postJson(verify, { token: 'gd09cb1c-8ae7-89d2-a7d0-d30c576214cd', action });
        expect([refused.status, await refused.json()], action).to.deep.equal([400, invalid]);
      }
      expect((await postForm(verify, { token: 'none', action: 'resend' })).status).to.equal(400);
    });

    it('never takes another action for a verification', async () => {
      const { id, token } = await signedUp(host);
      const response = await postJson(verify, { token, action: 'delete' });
      expect(response.status).to.equal(400);
      expect(await response.json()).to.deep.equal(
        errorBody('VALIDATION_ERROR', 'The request has invalid fields.', [fault('action', 'ACTION_UNKNOWN')]),
      );
      expect(await isVerified(id)).to.equal(false);
    });

    it('verifies by a GET and does nothing else, which it says where something else is asked for', async () => {
      const { token } = await signedUp(host);
      for (const [action, code] of [
        ['remove', 'ACTION_NEEDS_POST'],
        ['resend', 'ACTION_NEEDS_POST'],
        ['delete', 'ACTION_UNKNOWN'],
      ] as const) {
        const response = await fetch(`${verify}?token=${token}&action=${action}`, { headers: json });
        expect(response.status, action).to.equal(400);
        expect(await response.json(), action).to.deep.equal(
          errorBody('VALIDATION_ERROR', 'The request has invalid fields.', [fault('action', code)]),
        );
      }
      expect((await fetch(`${verify}?token=${token}&action=verify`, { headers: json })).status).to.equal(200);
    });

    it('honours an action beside the link, and verifies by no link that came with another one', async () => {
      const { id, token } = await signedUp(host);
      const other = await signedUp(host);
      const link = `${verify}?token=${token}`;
      const statuses = [
        await fetch(`${link}&action=remove`, { headers: json }),
        await postJson(`${verify}?action=delete`, { token }),
        await postJson(`${verify}?action=verify&action=remove`, { token }),
        await postJson(`${verify}?action=remove`, { token, action: 'verify' }),
        await postJson(link, { token: other.token }),
      ].map(({ status }) => status);
      expect(statuses).to.deep.equal([400, 400, 400, 400, 400]);
      expect(await isVerified(id)).to.equal(false);
      expect(await isVerified(other.id)).to.equal(false);
      expect((await postJson(link, { token })).status).to.equal(200);
      expect((await postJson(`${verify}?action=remove`, { token: other.token })).status).to.equal(200);
      expect(await host.fluentmeet.findUserByEmail(other.email)).to.equal(null);
    });

    it('honours them in a form alike', async () => {
      const { id, token } = await signedUp(host);
      const other = await signedUp(host);
      const link = `${verify}?token=${token}`;
      const statuses = [
        await postForm(`${verify}?action=delete`, { token }),
        await postForm(`${verify}?action=remove`, { token, action: 'verify' }),
        await postForm(link, { token: other.token }),
        // Asks first, as every form that removes.
        await postForm(`${link}&action=remove`, {}),
      ].map(({ status }) => status);
      expect(statuses).to.deep.equal([400, 400, 400, 200]);
      expect(await isVerified(id)).to.equal(false);
      expect(await isVerified(other.id)).to.equal(false);
      expect((await postForm(`${link}&action=remove`, { step: 'do' })).status).to.equal(200);
      expect(await host.fluentmeet.findUserByEmail(other.email)).not.to.equal(null);
      expect((await postForm(link, {})).status).to.equal(400);
    });

    it('refuses bodies that are no object, do not parse, or are of another type', async () => {
      const codes = await Promise.all(
        [
          postJson(verify, '[]'),
          postJson(verify, '{'),
          postJson(verify, 'x', { 'content-type': 'text/plain' }),
        ].map(async (sent) => {
          const response = await sent;
          return [response.status, ((await response.json()) as { code: string }).code];
        }),
      );
      expect(codes).to.deep.equal([
        [400, 'VALIDATION_ERROR'],
        [400, 'INVALID_JSON'],
        [415, 'UNSUPPORTED_MEDIA_TYPE'],
      ]);
    });
  });
}

describe('the pages of /verify-email', () => {
  let host: Host;
  let verify: string;

  before(async () => {
    // Hosts parse forms, too: the page's has to work all the same.
    host = await startHost(await migratedDatabase(), { before: [express.urlencoded({ extended: true })] });
    verify = `${host.url}/verify-email`;
  });
  after(stopAll);

  async function page(response: Response | Promise<Response>) {
    const { status, headers, ...rest } = await response;
    void rest;
    const text = await (await response).text();
    return { status, headers, text, title: /<h1[^>]*>([^<]*)<\/h1>/.exec(text)?.[1] };
  }

  it('have the headers that keep the token to themselves and everything else out', async () => {
    const { token } = await signedUp(host);
    const { headers, text } = await page(fetch(`${verify}?token=${token}`));
    expect(headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(headers.get('referrer-policy')).to.equal('strict-origin');
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    const [style] = /(?<=<style>)[^<]+(?=<\/style>)/.exec(text) as unknown as [string];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).to.equal(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(text.replace('<style>', '')).not.to.match(
      /<script|<style|\sstyle=|https?:\/\/|src=|@import|url\(/i,
    );
    expect(text)
      .to.match(/<html lang="en" dir="ltr">/)
      .and.match(/<title>[^<]+<\/title>/);
    expect(text.match(/<h1/g)).to.have.length(1);
  });

  it('confirm, and say so the second time', async () => {
    const { token } = await signedUp(host);
    const open = () => page(fetch(`${verify}?token=${token}`));
    const press = () => page(postForm(verify, { token, action: 'verify' }));
    expect(await open()).to.include({ status: 200, title: 'Confirm your email address' });
    expect(await press()).to.include({ status: 200, title: 'Your email address is confirmed' });
    expect(await press()).to.include({ status: 200, title: 'Already confirmed' });
    expect(await open()).to.include({ status: 200, title: 'Already confirmed' });
  });

  it('offer a new link for an expired one, which then works', async () => {
    const { id, token } = await signedUp(host);
    await query(
      host.fluentmeet,
      `update verification_tokens set expires_at = now() - interval '1 second' where user_id = $1 returning id`,
      [id],
    );
    const opened = await page(fetch(`${verify}?token=${token}`));
    expect(opened).to.include({ status: 400, title: 'This link has expired' });
    expect(opened.text).to.include('value="resend"').and.to.include(token);
    expect(await page(postForm(verify, { token }))).to.include({
      status: 400,
      title: 'This link has expired',
    });
    expect(await page(postForm(verify, { token, action: 'resend' }))).to.include({
      status: 200,
      title: 'Check your email',
    });
    const fresh = (await tokensOf(host.fluentmeet, id))[1] as string;
    expect(await page(postForm(verify, { token: fresh }))).to.include({ status: 200 });
  });

  it('remove the account that was not mine', async () => {
    const { email, token } = await signedUp(host);
    const remove = { token, action: 'remove', step: 'do' };
    expect(await page(postForm(verify, remove))).to.include({
      status: 200,
      title: 'The account has been removed',
    });
    expect(await host.fluentmeet.findUserByEmail(email)).to.equal(null);
    expect(await page(postForm(verify, remove))).to.include({
      status: 400,
      title: 'This link is not valid',
    });
  });

  it('ask once more before an account is removed, on a page that has nothing to confirm', async () => {
    const { email, token } = await signedUp(host);
    const opened = await page(fetch(`${verify}?token=${token}`));
    const forms = [...opened.text.matchAll(/<form[^>]*>(.*?)<\/form>/gs)].map(([, form = '']) =>
      Object.fromEntries(
        [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
      ),
    );
    // As a mail scanner does that submits whatever it finds.
    const asked = await page(
      postForm(
        verify,
        forms.find(({ action }) => action === 'remove')!,
      ),
    );
    expect(asked).to.include({ status: 200, title: 'Remove this account?' });
    expect(asked.text).to.include('name, languages and password').and.not.to.include('Confirm email address');
    expect(await host.fluentmeet.findUserByEmail(email)).not.to.equal(null);
    expect(await page(postForm(verify, { token, action: 'verify', step: 'ask' }))).to.include({
      title: 'Confirm your email address',
    });
    expect((await host.fluentmeet.findUserByEmail(email))?.is_verified).to.equal(false);
  });

  it('send a new link to an address where there is no token to tell it by', async () => {
    const { id, email } = await signedUp(host);
    const cut = await page(fetch(`${verify}?token=5b0c`));
    expect(cut.text).to.include('name="email"');
    expect(await page(postForm(verify, { action: 'resend', email }))).to.include({
      status: 200,
      title: 'Check your email',
    });
    expect(await tokensOf(host.fluentmeet, id)).to.have.length(2);
  });

  it('send none where a form of another site asks for it, with whatever token', async () => {
    const { id, email } = await signedUp(host);
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      for (const token of [{}, { token: unknown }]) {
        const asked = { action: 'resend', email, ...token };
        const refused = await page(postForm(verify, asked, headers));
        expect(refused).to.include({ status: 403, title: 'This link is not valid' });
        expect(refused.text).to.include('name="email"');
      }
    }
    expect(await tokensOf(host.fluentmeet, id)).to.have.length(1);
    const own = { origin: new URL(verify).origin };
    expect((await postForm(verify, { action: 'resend', email }, own)).status).to.equal(200);
    expect(await tokensOf(host.fluentmeet, id)).to.have.length(2);
  });

  it('say that a verified account is not removed', async () => {
    const { token } = await signedUp(host);
    await postForm(verify, { token });
    expect(await page(postForm(verify, { token, action: 'remove', step: 'do' }))).to.include({
      title: 'Already confirmed',
    });
  });

  it('say that a link is not valid, also without a token', async () => {
    for (const search of ['', '?token=', '?token=garbage', `?token=${unknown}`, '?token=a&token=b']) {
      expect(await page(fetch(`${verify}${search}`)), search).to.include({
        status: 400,
        title: 'This link is not valid',
      });
    }
  });

  it('repeat of what stands in the place of a token the token alone', async () => {
    const { token } = await signedUp(host);
    const padded = `${token}${' x'.repeat(3_000)}`;
    const open = (base: string, text: string) =>
      page(fetch(`${base}/verify-email?token=${encodeURIComponent(text)}`));
    expect((await open(host.url, padded)).text)
      .to.include(token)
      .and.not.match(/x[ +]x/);
    const busy = await startHost(await migratedDatabase(), { options: { rateLimits: { verify: 1 } } });
    await open(busy.url, padded);
    expect((await open(busy.url, padded)).text)
      .to.include(token)
      .and.not.match(/x[ +]x/);
    expect((await open(busy.url, 'x '.repeat(3_000))).text).not.to.match(/x[ +]x/);
    const pressed = await page(postForm(`${busy.url}/verify-email`, { token: padded, action: 'resend' }));
    expect(pressed.status).to.equal(429);
    expect(pressed.text)
      .to.include(token)
      .and.not.match(/x[ +]x/);
  });

  it('leave one line of the log for each link that is refused, by whichever method, and for nothing else', async () => {
    const live = await signedUp(host);
    const opens = (token: string, method = 'GET') => fetch(`${verify}?token=${token}`, { method });
    const presses = (fields: Record<string, string>) => postForm(verify, fields);
    host.lines.length = 0;
    for (const send of [
      () => opens(unknown),
      () => opens('garbage'),
      () => opens(unknown, 'HEAD'),
      () => opens(`${unknown}&token=${live.token}`),
      () => presses({ token: unknown, action: 'verify', step: 'do' }),
      () => presses({ token: unknown, action: 'remove', step: 'ask' }),
      () => presses({ token: unknown, action: 'remove', step: 'do' }),
    ]) {
      expect((await send()).status, String(send)).to.equal(400);
      const [line, ...more] = host.lines.splice(0);
      expect(more, String(send)).to.deep.equal([]);
      expect(line, String(send))
        .to.include({ level: 'info', event: 'http.refused', route: 'verify-email', code: 'INVALID_TOKEN' })
        .and.have.property('requestId');
    }
    expect((await fetch(verify)).status).to.equal(400);
    await opens(live.token);
    await presses({ token: live.token, action: 'verify', step: 'do' });
    await presses({ token: live.token, action: 'verify', step: 'do' });
    await opens(live.token);
    expect(host.lines.filter(({ event }) => event === 'http.refused')).to.deep.equal([]);
  });

  it('show nothing of what was sent unescaped', async () => {
    const token = '"><script>alert(1)</script>';
    const { text } = await page(fetch(`${verify}?token=${encodeURIComponent(token)}`));
    expect(text).not.to.include('alert');
    const posted = await page(postForm(verify, { token, action: token }));
    expect(posted.text).not.to.include('alert');
  });

  it('tell of an outage in words, with its status', async () => {
    const down = await startHost('postgres://nobody@127.0.0.1:1/none');
    const outage = await page(fetch(`${down.url}/verify-email?token=${unknown}`));
    expect(outage).to.include({ status: 503, title: 'We cannot be reached at the moment' });
    expect(outage.headers.get('retry-after')).to.equal('5');
    expect(outage.text).to.include('Try again in 5 seconds.');
  });

  it('say when to try again, with a button that sends the same once more', async () => {
    const busy = await startHost(await migratedDatabase(), { options: { rateLimits: { verify: 1 } } });
    const { token } = await signedUp(busy);
    await fetch(`${busy.url}/verify-email?token=${token}`);
    const opened = await page(fetch(`${busy.url}/verify-email?token=${token}&lang=de`));
    expect(opened).to.include({ status: 429, title: 'Einen Moment, bitte' });
    expect(opened.text)
      .to.match(/Versuchen Sie es in \d+ Sekunden erneut/)
      .and.include(`token=${token}`);
    const pressed = await page(postForm(`${busy.url}/verify-email`, { token, action: 'resend' }));
    expect(pressed.status).to.equal(429);
    expect(pressed.text).to.include(`value="${token}"`).and.include('value="resend"');
    expect(pressed.headers.get('retry-after')).to.match(/^\d+$/);
    const removing = await page(postForm(`${busy.url}/verify-email?token=${token}&action=remove`, {}));
    expect(removing.status).to.equal(429);
    expect(removing.text)
      .to.include(`name="token" value="${token}"`)
      .and.include('name="action" value="remove"');
  });

  it('serve their own icon, for good, from the path where they are', async () => {
    const { text } = await page(fetch(`${verify}?token=${unknown}`));
    const assets = [...text.matchAll(/<link rel="\w+" href="([^"]+)"/g)].map(([, url = '']) => url);
    expect(assets).to.have.length(1);
    for (const asset of assets) {
      const response = await fetch(`${verify}${asset}`);
      expect(response.status).to.equal(200);
      expect(response.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
      expect(response.headers.get('content-type')).to.equal('image/svg+xml; charset=utf-8');
    }
    expect((await fetch(`${verify}?asset=none.css`)).status).to.equal(404);
  });

  it('answer what is no asset of theirs with an error body that nobody keeps, on the signup page, too', async () => {
    const signups = await startHost(await migratedDatabase(), {
      configure: (app, fluentmeet) => void app.use('/signup', signupPage(fluentmeet)),
    });
    for (const url of [verify, `${new URL(signups.url).origin}/signup`]) {
      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(`${url}?asset=signup-000000000000.js`, { method });
        expect(response.status).to.equal(404);
        expect(response.headers.get('cache-control')).to.equal('no-store');
        expect(response.headers.get('x-content-type-options')).to.equal('nosniff');
        expect(response.headers.get('content-type')).to.equal('application/json; charset=utf-8');
        if (method === 'HEAD') continue;
        expect(await response.json()).to.deep.equal(
          errorBody('NOT_FOUND', 'No page of this version loads this.'),
        );
      }
    }
  });

  it('speak the language of the reader, or the one that was picked, and keep to it', async () => {
    const { token } = await signedUp(host);
    const french = await page(
      fetch(`${verify}?token=${token}`, { headers: { 'accept-language': 'xx, fr-CA;q=0.8, de;q=0.7' } }),
    );
    expect(french.text).to.include('<html lang="fr" dir="ltr">');
    const arabic = await page(
      fetch(`${verify}?token=${token}&lang=ar`, { headers: { 'accept-language': 'fr' } }),
    );
    expect(arabic.text).to.include('<html lang="ar" dir="rtl">').and.include('action="?lang=ar"');
    const pressed = await page(postForm(`${verify}?lang=ar`, { token }));
    expect(pressed.text).to.include('<html lang="ar" dir="rtl">').and.not.to.include(token);
    for (const lang of ['"><b>', 'zz', '', 'a'.repeat(999)]) {
      expect((await fetch(`${verify}?token=${token}&lang=${encodeURIComponent(lang)}`)).status).to.equal(200);
    }
  });

  it('bear the look of the host, and lead on to where it says', async () => {
    const brand = {
      name: 'Akme & Söhne',
      logo: 'https://cdn.example/logo.svg',
      stylesheet: 'https://css.example/own.css',
      supportUrl: 'mailto:help@akme.example',
      loginUrl: 'https://app.example/login',
    };
    const own = await startHost(await migratedDatabase(), { options: { brand } });
    const { token } = await signedUp(own);
    const { text, headers } = await page(
      postForm(`${own.url}/verify-email?next=https://evil.example`, { token }),
    );
    expect(text).to.include('Akme &amp; Söhne').and.include('href="https://app.example/login"');
    expect(text).to.include('mailto:help@akme.example').and.not.to.include('evil');
    expect(headers.get('content-security-policy'))
      .to.match(/style-src 'sha256-[^']+' https:\/\/css\.example;/)
      .and.include("img-src 'self' https://cdn.example;");
    const further = await startHost(await migratedDatabase(), {
      options: { brand: { ...brand, afterVerification: 'https://app.example/welcome' } },
    });
    const next = await page(postForm(`${further.url}/verify-email`, { token }));
    expect(next.text).to.include('href="https://app.example/welcome"');
  });

  it('reads a form that the host left alone', async () => {
    const bare = await startHost(await migratedDatabase());
    const { token } = await signedUp(bare);
    expect(await page(postForm(`${bare.url}/verify-email`, { token }))).to.include({
      title: 'Your email address is confirmed',
    });
  });
});
