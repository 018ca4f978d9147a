import { expect } from 'chai';
import type { ChallengeAttempt } from '../../src/challenge/require-challenge.js';
import { signupPage } from '../../src/http/index.js';
import {
  freshAddress,
  type Host,
  migratedDatabase,
  password,
  postForm,
  postJson,
  startHost,
  stopAll,
} from '../http/test-host.js';

describe('challenge', () => {
  let host: Host;
  let answer: () => unknown = () => true;
  const asked: ChallengeAttempt[] = [];
  before(async () => {
    host = await startHost(await migratedDatabase(), {
      options: {
        challenge(attempt) {
          asked.push(attempt);
          return answer() as boolean;
        },
        hooks: { beforeSignUp: () => void order.push('beforeSignUp') },
      },
      configure: (app, fluentmeet) => void app.use('/signup', signupPage(fluentmeet)),
    });
  });
  const order: string[] = [];
  after(stopAll);
  beforeEach(() => {
    asked.length = 0;
    order.length = 0;
  });

  const signUp = (fields: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    postJson(`${host.url}/signup`, { email: freshAddress(), password, ...fields }, headers);
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

  it('is asked with what was sent, and never a password or the invite', async () => {
    answer = () => true;
    const secrets = { password_confirmation: password, PasswordAgain: password, invite: 'an invite' };
    expect((await signUp({ captcha: 'solved', ...secrets })).status).to.equal(201);
    expect(asked).to.have.lengthOf(1);
    expect(asked[0]!.fields).to.include({ captcha: 'solved' }).and.not.have.property('password');
    expect(asked[0]!.client).to.equal('127.0.0.1');
    expect(JSON.stringify(asked)).not.to.contain(password).and.not.contain(secrets.invite);
  });

  it('turns away before anything costly: no hook, no look-up, no hash', async () => {
    answer = () => false;
    const response = await signUp();
    expect(response.status).to.equal(403);
    expect(await codeOf(response)).to.equal('CHALLENGE_REQUIRED');
    expect(order).to.deep.equal([]);
    expect((await host.fluentmeet.stats()).passwordsPending).to.equal(0);
  });

  it('is not asked about input that is not valid, nor by those who call the library', async () => {
    answer = () => false;
    expect((await signUp({ email: 'nobody' })).status).to.equal(400);
    await host.fluentmeet.signUp({ email: freshAddress(), password });
    expect(asked).to.deep.equal([]);
  });

  it('is not asked again by who comes with the key of a signup', async () => {
    answer = () => true;
    const [email, headers] = [freshAddress(), { 'idempotency-key': 'a key of 16 char'.replaceAll(' ', '-') }];
    expect((await signUp({ email }, headers)).status).to.equal(201);
    answer = () => false;
    expect((await signUp({ email }, headers)).status).to.equal(201);
    expect(asked).to.have.lengthOf(1);
  });

  it('is asked on the page with what the form holds beside our own fields, twenty of them at most', async () => {
    answer = () => true;
    const fields = { captcha: 'solved', action: 'signup', key: 'a-key-of-the-form-of-24', invite: '' };
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`more-${index}`, 'x']));
    const page = `${new URL(host.url).origin}/signup`;
    const response = await postForm(page, { email: freshAddress(), password, ...fields, ...many });
    expect(response.status).to.equal(200);
    expect(asked).to.have.lengthOf(1);
    expect(asked[0]!.fields).to.include({ captcha: 'solved', 'more-18': 'x' });
    expect(asked[0]!.fields).not.to.have.any.keys('password', 'action', 'key', 'more-19');
  });

  it('lets nobody pass by a fault of its own', async () => {
    for (const wrong of [() => undefined, () => 'yes', () => Promise.reject(new Error('away'))]) {
      answer = wrong;
      const response = await signUp();
      expect(response.status).to.equal(500);
      expect(await codeOf(response)).to.equal('INTERNAL_SERVER_ERROR');
    }
  });
});
