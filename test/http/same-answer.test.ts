import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { signupPage } from '../../src/http/index.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { internalsOf } from '../../src/fluentmeet.js';
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
} from './test-host.js';

const states = {
  unknown: undefined,
  unverified: {},
  verified: { is_verified: true },
  inactive: { is_active: false },
  deleted: { deleted_at: new Date() },
};

/** Whole answers, headers and all: whoever asks sees nothing else. */
describe('a known address is answered as an unknown one', () => {
  let open: Host;
  let invited: Host;
  before(async () => {
    const database = await migratedDatabase();
    const start = (signup: 'open' | 'invite') =>
      startHost(database, {
        options: { duplicates: 'conceal', signup },
        configure: (app, fluentmeet) => void app.use('/page', signupPage(fluentmeet)),
      });
    [open, invited] = [await start('open'), await start('invite')];
  });
  after(stopAll);

  /** One of each state. */
  async function addresses(): Promise<[state: string, email: string][]> {
    return Promise.all(
      Object.entries(states).map(async ([state, columns]): Promise<[string, string]> => {
        if (!columns) return [state, freshAddress()];
        const { id, email } = await signedUp({ fluentmeet: open.fluentmeet });
        await open.fluentmeet.models.User.update(columns, { where: { id }, paranoid: false });
        return [state, email];
      }),
    );
  }

  /** Without what differs from one request to the next: the address itself, random keys, the time. */
  async function whole(response: Response, email: string, ...secrets: string[]) {
    const {
      date: _,
      ratelimit: counted,
      'x-request-id': __,
      ...headers
    } = Object.fromEntries(response.headers);
    let body = (await response.text())
      .replaceAll(email, 'ADDRESS')
      .replaceAll(email.replace('@', '&#64;'), 'ADDRESS');
    for (const secret of secrets) body = body.replaceAll(secret, 'SECRET');
    body = body.replace(/"[\w-]{32}"/g, '"KEY"');
    const { 'content-length': length, etag, ...rest } = headers;
    expect(etag).to.equal(undefined);
    return {
      status: response.status,
      headers: rest,
      body,
      counted: counted?.replace(/\d+/g, 'N'),
      hasLength: length !== undefined,
    };
  }

  const page = () => open.url.replace('/api/v1/auth', '/page');
  const form = (fields: Record<string, string>) => postForm(page(), fields, { accept: 'text/html' });

  const asks: Record<string, (email: string) => Promise<object>> = {
    'signing up': async (email) => whole(await postJson(`${open.url}/signup`, { email, password }), email),
    'signing up again and again with a key, and asking how it stands': async (email) => {
      const key = randomUUID();
      const headers = { 'idempotency-key': key };
      const signUp = async (fields: object) =>
        whole(await postJson(`${open.url}/signup`, { email, password, ...fields }, headers), email);
      const status = async () => whole(await fetch(`${open.url}/signup/status`, { headers }), email);
      return [
        await status(),
        await signUp({}),
        await status(),
        await signUp({ password: `${password}?` }),
        await signUp({ email: freshAddress() }),
        await signUp({ email: 'none' }),
        await status(),
      ];
    },
    'signing up by an invite, and once more with it': async (email) => {
      const { token } = await createInvite(internalsOf(invited.fluentmeet));
      const signUp = async () =>
        whole(await postJson(`${invited.url}/signup`, { email, password, invite: token }), email, token);
      return [await signUp(), await signUp()];
    },
    'signing up by the page, and asking for the mail again': async (email) => [
      await whole(await form({ action: 'signup', email, password }), email),
      await whole(await form({ action: 'resend', email }), email),
    ],
    'asking for the mail again': async (email) =>
      [0, 1].reduce<Promise<object[]>>(
        async (before) => [
          ...(await before),
          await whole(await postJson(`${open.url}/resend-verification`, { email }), email),
        ],
        Promise.resolve([]),
      ),
  };

  for (const [what, ask] of Object.entries(asks)) {
    it(what, async () => {
      const [[, unknown], ...known] = (await addresses()) as [[string, string], ...[string, string][]];
      const expected = await ask(unknown);
      for (const [state, email] of known) expect(await ask(email), state).to.deep.equal(expected);
    });
  }
});
