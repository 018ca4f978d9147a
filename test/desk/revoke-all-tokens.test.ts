import { expect } from 'chai';
import { TokenExpiredError } from '../../src/errors.js';
import { claimEmails } from '../../src/outbox/claim-emails.js';
import { publishBatch } from '../../src/relay/publish-batch.js';
import { inspectSecret } from '../../src/verification/inspect-secret.js';
import { revokeAllTokens } from '../../src/desk/revoke-all-tokens.js';
import {
  createMigratedInstance,
  createTestInstance,
  linkToken,
  rejection,
  type TestInstance,
} from '../fluentmeet/test-instance.js';

describe('revoking all tokens', () => {
  let instance: TestInstance & { url: string };
  before(async () => (instance = await createMigratedInstance({ bcryptCost: 4 })));
  after(() => instance.stop());
  beforeEach(async () => {
    await instance.query('truncate users cascade');
    instance.publisher.published.length = 0;
    instance.publisher.answer = () => ({ status: 'published' });
  });

  const claim = () => claimEmails(instance.context, { limit: 10, kind: 'healthy' });
  const publish = async (batch?: Awaited<ReturnType<typeof claim>>) =>
    publishBatch(
      instance.context,
      instance.publisher,
      batch ?? (await claim()),
      new AbortController().signal,
    );
  const verify = (token: string) => instance.fluentmeet.verifyEmail(token);

  it('ends every earlier link, and verified accounts still hear that they are verified', async () => {
    const [ada, grace] = [await instance.register('ada'), await instance.register('grace')];
    await verify(grace.token);
    expect(await revokeAllTokens(instance.context)).to.include({ revoked: 2 });
    expect(await rejection(verify(ada.token))).to.be.instanceOf(TokenExpiredError);
    expect((await verify(grace.token)).status).to.equal('already-verified');
    expect(await revokeAllTokens(instance.context)).to.include({ revoked: 0 });
  });

  it('lets emails that wait go out with fresh links', async () => {
    const ada = await instance.register('ada');
    expect(await revokeAllTokens(instance.context)).to.deep.equal({ revoked: 1, pendingEmails: 1 });
    await publish();
    const [email] = instance.publisher.published;
    const token = linkToken(email!);
    expect(token).not.to.equal(ada.token);
    expect((await verify(token)).status).to.equal('verified');
  });

  it('has an email that is just being published go out again with a link that works', async () => {
    await instance.register('ada');
    const batch = await claim();
    instance.publisher.answer = async () => {
      await revokeAllTokens(instance.context);
      return { status: 'published' };
    };
    await publish(batch);
    instance.publisher.answer = () => ({ status: 'published' });
    await publish();
    expect(instance.publisher.published).to.have.lengthOf(2);
    expect((await verify(linkToken(instance.publisher.published[1]!))).status).to.equal('verified');
  });

  it('goes through many tokens chunk by chunk, and spares those issued afterwards', async () => {
    const ada = await instance.register('ada');
    await instance.query(
      `insert into verification_tokens (id, user_id, token_hash, expires_at)
       select gen_random_uuid(), $1, sha256(n::text::bytea), now() + interval '1 day' from generate_series(1, 12000) n`,
      [ada.id],
    );
    const { revoked } = await revokeAllTokens(instance.context);
    expect(revoked).to.equal(12_001);
    const grace = await instance.register('grace');
    expect((await verify(grace.token)).status).to.equal('verified');
  });

  it('spares a link that is issued while it is at work', async () => {
    const [ada, grace] = [await instance.register('ada'), await instance.register('grace')];
    await instance.query(
      `update verification_tokens set created_at = now() + interval '1 minute' where user_id = $1`,
      [grace.id],
    );
    expect(await revokeAllTokens(instance.context)).to.include({ revoked: 1 });
    expect((await verify(grace.token)).status).to.equal('verified');
    expect(await rejection(verify(ada.token))).to.be.instanceOf(TokenExpiredError);
  });

  it('tells whether the newest link was made with the configured secret', async () => {
    expect(await inspectSecret(instance.context)).to.equal('unknown');
    await instance.register('ada');
    expect(await inspectSecret(instance.context)).to.equal('same');
    const other = createTestInstance(instance.url, { secret: 'another secret of thirty-two characters' });
    expect(await inspectSecret(other.context)).to.equal('changed');
    await other.fluentmeet.stop();
  });
});
