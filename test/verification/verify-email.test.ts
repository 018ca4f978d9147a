import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { InvalidTokenError, TokenExpiredError } from '../../src/errors.js';
import { disownAccount } from '../../src/verification/disown-account.js';
import { inspectToken } from '../../src/verification/inspect-token.js';
import { tokenValue } from '../../src/verification/token-value.js';
import {
  createMigratedInstance,
  rejection,
  type TestInstance,
  testSecret,
} from '../fluentmeet/test-instance.js';
import { relayLook } from '../relay/relay-look.js';

describe('a verification link', () => {
  let instance: TestInstance;
  let made = 0;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());

  const register = () => instance.register(`person${++made}`);
  const verify = (token: string) => instance.fluentmeet.verifyEmail(token);
  const inspect = (token: unknown) => inspectToken(instance.context, token);
  const expire = (tokenId: string) =>
    instance.query(`update verification_tokens set expires_at = now() where id = $1`, [tokenId]);

  /** A second token of the same account, from a resend. */
  async function sibling(userId: number): Promise<{ token: string; tokenId: string }> {
    const user = await instance.fluentmeet.models.User.findByPk(userId);
    await instance.resend(user!.email);
    await relayLook(instance.context);
    const [row] = await instance.query<{ id: string }>(
      'select id from verification_tokens where user_id = $1 order by created_at desc limit 1',
      [userId],
    );
    return { token: tokenValue(testSecret, row!.id), tokenId: row!.id };
  }

  const used = async (userId: number) =>
    (
      await instance.query<{ id: string }>(
        'select id from verification_tokens where user_id = $1 and used_at is not null',
        [userId],
      )
    ).map(({ id }) => id);

  it('verifies the account that it was issued for, and no other', async () => {
    const [ada, grace] = [await register(), await register()];
    expect(await inspect(ada.token)).to.equal('live');
    expect(await verify(ada.token)).to.deep.equal({ status: 'verified', userId: ada.id });
    expect(await inspect(ada.token)).to.equal('verified');
    expect(await inspect(grace.token)).to.equal('live');
    expect(await used(ada.id)).to.deep.equal([ada.tokenId]);
    const [row] = await instance.query<{ later: boolean }>(
      'select updated_at > created_at as later from users where id = $1',
      [ada.id],
    );
    expect(row!.later).to.equal(true);
  });

  it('works in capitals, too', async () => {
    const ada = await register();
    expect((await verify(ada.token.toUpperCase())).status).to.equal('verified');
  });

  it('succeeds again when it was used: the aim is reached', async () => {
    const ada = await register();
    await verify(ada.token);
    expect(await verify(ada.token)).to.deep.equal({ status: 'already-verified', userId: ada.id });
  });

  it('makes one transition of twenty clicks at once', async () => {
    const ada = await register();
    await instance.warmUp();
    const results = await Promise.all(Array.from({ length: 20 }, () => verify(ada.token)));
    expect(results.filter(({ status }) => status === 'verified')).to.have.lengthOf(1);
    expect(results.filter(({ status }) => status === 'already-verified')).to.have.lengthOf(19);
    expect(instance.events.filter((event) => event === 'user.verified').length).to.be.above(0);
    expect(await used(ada.id)).to.deep.equal([ada.tokenId]);
  });

  it('makes one transition of twenty clicks on two siblings at once', async () => {
    const ada = await register();
    const other = await sibling(ada.id);
    await instance.warmUp();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => verify(index % 2 ? ada.token : other.token)),
    );
    expect(results.filter(({ status }) => status === 'verified')).to.have.lengthOf(1);
    expect(await used(ada.id)).to.have.lengthOf(1);
  });

  it('expires, and says so', async () => {
    const ada = await register();
    await expire(ada.tokenId);
    expect(await inspect(ada.token)).to.equal('expired');
    expect(await rejection(verify(ada.token))).to.be.instanceOf(TokenExpiredError);
    expect((await instance.fluentmeet.findUserByEmail(ada.email))!.is_verified).to.equal(false);
    expect(await used(ada.id)).to.deep.equal([]);
  });

  it('stays valid when another one is asked for, and succeeds when that one was used, even expired', async () => {
    const ada = await register();
    const other = await sibling(ada.id);
    expect(await inspect(ada.token)).to.equal('live');
    expect((await verify(other.token)).status).to.equal('verified');
    expect((await verify(ada.token)).status).to.equal('already-verified');
    await expire(ada.tokenId);
    expect((await verify(ada.token)).status).to.equal('already-verified');
    expect(await used(ada.id)).to.deep.equal([other.tokenId]);
  });

  for (const [what, change] of [
    ['deleted', 'deleted_at = now()'],
    ['inactive', 'is_active = false'],
    ['deleted after it was verified', 'deleted_at = now(), is_verified = true'],
  ] as const) {
    it(`is not valid for an account that is ${what}`, async () => {
      const ada = await register();
      await instance.query(`update users set ${change} where id = $1`, [ada.id]);
      expect(await rejection(verify(ada.token))).to.be.instanceOf(InvalidTokenError);
      expect(await rejection(disownAccount(instance.context, ada.token))).to.be.instanceOf(InvalidTokenError);
      expect(await inspect(ada.token)).to.equal('invalid');
      expect(await used(ada.id)).to.deep.equal([]);
    });
  }

  for (const [what, token] of [
    ['unknown', tokenValue(testSecret, randomUUID())],
    ['no token of ours', randomUUID()],
    ['no UUID', "' or true --"],
    ['empty', ''],
    ['a list', ['a', 'b']],
  ] as const) {
    it(`is not valid when it is ${what}`, async () => {
      expect(await rejection(verify(token as string))).to.be.instanceOf(InvalidTokenError);
      expect(await inspect(token)).to.equal('invalid');
    });
  }

  it('is not what the database holds: neither its id nor its hash verifies anybody', async () => {
    const ada = await register();
    const [row] = await instance.query<{ hash: string }>(
      `select encode(token_hash, 'hex') as hash from verification_tokens where id = $1`,
      [ada.tokenId],
    );
    for (const guess of [ada.tokenId, row!.hash, row!.hash.slice(0, 32)]) {
      expect(await rejection(verify(guess))).to.be.instanceOf(InvalidTokenError);
    }
  });

  it("removes the account for whoever says that it wasn't them, and frees the address", async () => {
    const ada = await register();
    await disownAccount(instance.context, ada.token);
    expect(await instance.query('select from users where id = $1', [ada.id])).to.deep.equal([]);
    expect(await instance.query('select from email_outbox where user_id = $1', [ada.id])).to.deep.equal([]);
    expect(await rejection(verify(ada.token))).to.be.instanceOf(InvalidTokenError);
    expect(await rejection(disownAccount(instance.context, ada.token))).to.be.instanceOf(InvalidTokenError);
    expect((await instance.register(ada.email.split('@')[0]!)).id).not.to.equal(ada.id);
  });

  it('removes no account that is verified, nor by an expired link', async () => {
    const [ada, grace] = [await register(), await register()];
    await verify(ada.token);
    await expire(grace.tokenId);
    for (const { token, id } of [ada, grace]) {
      expect(await rejection(disownAccount(instance.context, token))).to.be.instanceOf(InvalidTokenError);
      expect(await instance.query('select from users where id = $1', [id])).to.have.lengthOf(1);
    }
  });
});
