import type { Page, Response, Route } from 'playwright-core';
import { internalsOf } from '../../src/fluentmeet.js';
import { authRouter, signupPage } from '../../src/http/index.js';
import { type Brand, type FluentMeet, type FluentMeetOptions, SignUpRefusedError } from '../../src/index.js';
import { createInvite } from '../../src/invites/create-invite.js';
import type { WordKey } from '../../src/words/words.js';
import {
  createInstance,
  freshAddress,
  migratedDatabase,
  password,
  query,
  startHost,
  tokensOf,
} from './test-host.js';

const newPassword = 'an umbrella in the orchestra';
/** As long as they may be, and nowhere to break them. */
const longName = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(8).slice(0, 255);
const longDomain = `${'d'.repeat(63)}.${'e'.repeat(63)}.${'f'.repeat(48)}.example`;
let people = 0;
const longAddress = () => `${String(++people).padStart(6, '0')}${'a'.repeat(58)}@${longDomain}`;

type InstanceName = keyof typeof instances;

/** Nobody has any request left, for 51 seconds. */
const noneLeft = {
  rateLimitStore: () => ({
    increment: () => ({ totalHits: 1_000_000, resetTime: new Date(Date.now() + 51_000) }),
    decrement() {},
    resetKey() {},
  }),
} satisfies Partial<FluentMeetOptions>;

const instances = {
  plain: {},
  proving: { proof: 'link-and-password' },
  worldly: { proof: 'link-and-password', languages: undefined },
  concealing: { duplicates: 'conceal' },
  // With terms that have to be accepted.
  binding: { proof: 'link-and-password' },
  challenging: { challenge: { altcha: { difficulty: 2 } } },
  invited: { signup: 'invite' },
  closed: { signup: 'closed' },
  failing: {
    hooks: {
      beforeSignUp() {
        throw new TypeError('a mistake of the host');
      },
    },
  },
  refusing: {
    proof: 'link-and-password',
    passwordBlocklist() {
      throw new SignUpRefusedError({
        code: 'TOO_COMMON',
        message: 'Acme has seen this password.',
        status: 422,
      });
    },
  },
  busy: { signup: 'invite', proof: 'link-and-password', ...noneLeft },
  away: { database: 'postgres://nobody@127.0.0.1:1/none', proof: 'link-and-password' },
} satisfies Record<string, Partial<FluentMeetOptions>>;

/** Every page, in every state, on one server: each instance has its own path. */
export interface Stage {
  origin: string;
  fluentmeet: Readonly<Record<InstanceName, FluentMeet>>;
  /** The values of every token there is, so that a test can look for them where they must not be. */
  tokens: string[];
  /** The Referer of every request, assets included. */
  referers: string[];
}

export async function startStage(brand: Brand & { privacyUrl: string }): Promise<Stage> {
  const database = await migratedDatabase();
  // Few, so that axe is quick; one instance has them all.
  const languages = ['en', 'de', 'fr', 'ar', 'ja', 'pt-BR'];
  const termsUrl = new URL('/terms', brand.privacyUrl).href;
  const brandOf = (name: string) =>
    name === 'binding' ? { ...brand, termsUrl, termsVersion: '2026-03' } : brand;
  const made = Object.entries(instances).map(
    ([name, options]) =>
      [name, createInstance(database, { languages, brand: brandOf(name), ...options }).fluentmeet] as const,
  );
  const referers: string[] = [];
  const { url } = await startHost(database, {
    configure: (app) => {
      app.use((req, _res, next) => {
        if (req.headers.referer !== undefined) referers.push(req.headers.referer);
        next();
      });
      for (const [name, fluentmeet] of made) {
        app.use(`/${name}/signup`, signupPage(fluentmeet));
        app.use(`/${name}`, authRouter(fluentmeet));
      }
    },
  });
  const fluentmeet = Object.fromEntries(made) as Stage['fluentmeet'];
  return { origin: new URL(url).origin, fluentmeet, tokens: [], referers };
}

/** A person before a page. */
export interface Visit {
  stage: Stage;
  page: Page;
  language: string;
}

export interface PageState {
  name: string;
  title: WordKey;
  status: number;
  /** The title says that something is wrong. */
  isFaulty?: true;
  /** A request of the page's own gets no answer. */
  hangs?: true;
  reach(visit: Visit): Promise<Response>;
}

export const pageStates: readonly PageState[] = [
  state('signup', 'signup.title', 200, (visit) => open(visit, '/plain/signup')),
  state('signup: in every language', 'signup.title', 200, (visit) => open(visit, '/worldly/signup')),
  state(
    'signup: faults',
    'signup.title',
    400,
    (visit) => send(visit, '/plain/signup', { email: 'ada@' }),
    true,
  ),
  state('signup: terms', 'signup.title', 200, (visit) => open(visit, '/binding/signup')),
  state(
    'signup: terms not accepted',
    'signup.title',
    400,
    (visit) => send(visit, '/binding/signup', person()),
    true,
  ),
  state('signup: challenge', 'signup.title', 200, (visit) => open(visit, '/challenging/signup')),
  state(
    'signup: challenge not solved',
    'signup.title',
    403,
    (visit) => send(visit, '/challenging/signup', person()),
    true,
  ),
  state('signup: check', 'check.title', 200, (visit) => send(visit, '/plain/signup', person())),
  state('signup: check, concealing', 'check.title', 200, (visit) =>
    send(visit, '/concealing/signup', person()),
  ),
  state('signup: sent again', 'check.title', 200, (visit) =>
    send(visit, '/plain/signup', { ...person(), action: 'resend' }),
  ),
  state('signup: sent again, taken', 'check.title', 200, (visit) =>
    send(visit, '/plain/signup', { ...person(), action: 'resend', shown: 'taken' }),
  ),
  state('signup: taken', 'signup.taken.title', 409, async (visit) => {
    const { email } = await signedUp(visit, 'plain');
    return send(visit, '/plain/signup', { ...person(), email });
  }),
  {
    ...state('signup: no answer', 'signup.title', 200, async (visit) => {
      const opened = await open(visit, '/plain/signup');
      const { page } = visit;
      await page.locator('#email').fill(longAddress());
      const isPost = (route: Route) => route.request().method() === 'POST';
      await page.route('**/plain/signup*', (route) => (isPost(route) ? route.abort() : route.continue()));
      await page.locator('#signup button[type=submit]').click();
      await page.locator('.faults').waitFor();
      await page.unroute('**/plain/signup*');
      return opened;
    }),
    hangs: true,
  },
  state('signup: closed', 'signup.closed.title', 403, (visit) => open(visit, '/closed/signup')),
  state('signup: invite needed', 'signup.title', 200, (visit) => open(visit, '/invited/signup'), true),
  state(
    'signup: invite not valid',
    'signup.title',
    200,
    (visit) => open(visit, '/invited/signup', { invite: 'fmi_none' }),
    true,
  ),
  state('signup: invite for an address', 'signup.title', 200, async (visit) => {
    const context = internalsOf(visit.stage.fluentmeet.invited);
    const { token } = await createInvite(context, { email: longAddress() });
    return open(visit, '/invited/signup', { invite: token });
  }),
  state('signup: too many', 'signup.title', 429, (visit) => send(visit, '/busy/signup', person()), true),
  state('signup: too many invites opened', 'too-many.title', 429, (visit) =>
    open(visit, '/busy/signup', { invite: 'fmi_none' }),
  ),
  state('signup: away', 'signup.title', 503, (visit) => send(visit, '/away/signup', person()), true),
  state('signup: too large', 'too-large.title', 413, (visit) =>
    send(visit, '/plain/signup', { full_name: 'x'.repeat(40_000) }),
  ),
  state('signup: failed', 'signup.title', 500, (visit) => send(visit, '/failing/signup', person()), true),
  state('not valid', 'invalid.title', 400, (visit) => open(visit, verify('plain'), { token: 'cut-off' })),
  state('confirm', 'confirm.title', 200, async (visit) =>
    open(visit, verify('plain'), await signedUp(visit, 'plain')),
  ),
  state('remove', 'remove.title', 200, async (visit) => {
    const { token } = await signedUp(visit, 'plain');
    return send(visit, verify('plain'), { token, action: 'remove', step: 'ask' });
  }),
  state('removed', 'removed.title', 200, async (visit) => {
    const { token } = await signedUp(visit, 'plain');
    return send(visit, verify('plain'), { token, action: 'remove', step: 'do' });
  }),
  state('held by a row of the host’s', 'held.title', 409, async (visit) => {
    const { token, id } = await signedUp(visit, 'plain');
    const { plain } = visit.stage.fluentmeet;
    await query(plain, 'create table if not exists held_by_pages (owner bigint references users)');
    await query(plain, 'insert into held_by_pages values ($1) returning owner', [id]);
    return send(visit, verify('plain'), { token, action: 'remove', step: 'do' });
  }),
  state('verified', 'verified.title', 200, async (visit) => {
    const { token } = await signedUp(visit, 'plain');
    return send(visit, verify('plain'), { token, action: 'verify', step: 'do' });
  }),
  state('already verified', 'already-verified.title', 200, async (visit) => {
    const { token } = await signedUp(visit, 'plain');
    await visit.stage.fluentmeet.plain.verifyEmail(token);
    return open(visit, verify('plain'), { token });
  }),
  state('expired', 'expired.title', 400, async (visit) => {
    const { token, id } = await signedUp(visit, 'plain');
    await query(
      visit.stage.fluentmeet.plain,
      `update verification_tokens set expires_at = now() - interval '1 second' where user_id = $1 returning id`,
      [id],
    );
    return open(visit, verify('plain'), { token });
  }),
  state('sent again', 'resent.title', 200, (visit) =>
    send(visit, verify('plain'), { action: 'resend', email: freshAddress() }),
  ),
  state('too many', 'too-many.title', 429, async (visit) =>
    open(visit, verify('busy'), await signedUp(visit, 'plain')),
  ),
  state('away', 'away.title', 503, async (visit) =>
    open(visit, verify('away'), await signedUp(visit, 'plain')),
  ),
  state('proof', 'confirm.title', 200, async (visit) =>
    open(visit, verify('proving'), await signedUp(visit, 'proving')),
  ),
  state('proof: in every language', 'confirm.title', 200, async (visit) =>
    open(visit, verify('worldly'), await signedUp(visit, 'worldly')),
  ),
  ...proofState('wrong password', 403, 'proving', { password: 'not this one' }, true),
  ...proofState('no password', 403, 'proving', { password: '' }, true),
  ...proofState('faults', 400, 'proving', { new_password: 'short', full_name: 'www.example.com' }, true),
  ...proofState(
    'refused by the host',
    422,
    'refusing',
    { new_password: newPassword, full_name: 'Ada' },
    true,
  ),
  ...proofState('terms not accepted', 400, 'binding', { new_password: newPassword, full_name: 'Ada' }, true),
  ...proofState('type again', 200, 'proving', { full_name: longName, step: 'again' }),
  ...proofState('too many', 429, 'busy', { new_password: newPassword, full_name: longName }),
  ...proofState('away', 503, 'away', { password }),
];

export function stateNamed(name: string): PageState {
  return pageStates.find((one) => one.name === name) as PageState;
}

function state(
  name: string,
  title: WordKey,
  status: number,
  reach: PageState['reach'],
  isFaulty?: true,
): PageState {
  return { name, title, status, reach, ...(isFaulty && { isFaulty }) };
}

function proofState(
  name: string,
  status: number,
  instance: InstanceName,
  fields: Record<string, string>,
  isFaulty?: true,
): PageState[] {
  const title = { 429: 'too-many.title', 503: 'away.title' }[status] ?? 'confirm.title';
  const reach: PageState['reach'] = async (visit) => {
    const { token } = await signedUp(visit, 'proving');
    return send(visit, verify(instance), { token, action: 'verify', step: 'do', ...fields });
  };
  return [state(`proof: ${name}`, title as WordKey, status, reach, isFaulty)];
}

function verify(instance: InstanceName): string {
  return `/${instance}/verify-email`;
}

function person(): Record<string, string> {
  return { email: longAddress(), password, full_name: longName, action: 'signup' };
}

/** By what opens the page: the parameters of a link. */
async function signedUp({ stage }: Visit, instance: InstanceName) {
  const fluentmeet = stage.fluentmeet[instance];
  const { id, email } = await fluentmeet.signUp({ email: longAddress(), password, full_name: longName });
  const [token] = (await tokensOf(fluentmeet, id)) as [string];
  stage.tokens.push(token);
  return { token, id, email };
}

async function open(
  { stage, page, language }: Visit,
  path: string,
  parameters: { token?: string; invite?: string } = {},
): Promise<Response> {
  const { token, invite } = parameters;
  const query = new URLSearchParams({
    ...(token !== undefined && { token }),
    ...(invite !== undefined && { invite }),
    lang: language,
  });
  return (await page.goto(`${stage.origin}${path}?${query.toString()}`)) as Response;
}

/** As a form of the page before would be, without its script. */
async function send(visit: Visit, path: string, fields: Record<string, string>): Promise<Response> {
  const { page, stage, language } = visit;
  if (!page.url().startsWith(stage.origin)) await open(visit, verify('plain'));
  const answered = page.waitForNavigation();
  await page.evaluate(`{
    const form = document.createElement('form');
    form.setAttribute('method', 'post');
    form.setAttribute('action', ${JSON.stringify(`${path}?lang=${language}`)});
    for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
      const input = document.createElement('input');
      Object.assign(input, { type: 'hidden', name, value });
      form.append(input);
    }
    document.body.append(form);
    HTMLFormElement.prototype.submit.call(form);
  }`);
  return (await answered) as Response;
}
