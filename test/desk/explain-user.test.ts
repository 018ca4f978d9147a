import { expect } from 'chai';
import { type ExplainContext, explainUser } from '../../src/desk/explain-user.js';
import { revokeAllTokens } from '../../src/desk/revoke-all-tokens.js';
import { createMigratedInstance, type Registered, type TestInstance } from '../fluentmeet/test-instance.js';

describe('explainUser', () => {
  let instance: TestInstance;
  let ada: Registered;
  before(async () => {
    instance = await createMigratedInstance({ emailMaxAttempts: 7, mailboxLimits: { resend: { day: 3 } } });
  });
  after(() => instance.stop());
  beforeEach(async () => {
    await instance.query('truncate users, mailbox_counts cascade');
    ada = await instance.register('ada');
  });

  const setEmail = (columns: string) =>
    instance.query(`update email_outbox set ${columns} where id = $1`, [ada.outboxId]);
  const setUser = (columns: string) => instance.query(`update users set ${columns} where id = $1`, [ada.id]);
  const setLink = (columns: string) => instance.query(`update verification_tokens set ${columns}`);
  const explain = (own: Partial<ExplainContext> = {}) =>
    explainUser({ ...instance.context, publisher: undefined, ...own }, { email: 'Ada@Example.com' });
  const publisher = (check: () => Promise<void>) => ({ publisher: { ...instance.publisher, check } });

  it('says of an unknown address how one signs up here', async () => {
    const { config } = instance.context;
    for (const signup of ['open', 'invite', 'closed'] as const) {
      const context = { ...instance.context, config: { ...config, signup } };
      const explanation = await explainUser(context, { email: 'nobody@example.com' });
      expect(explanation).to.deep.equal({
        diagnosis: { code: 'unknown', signup },
        account: null,
        emails: [],
        links: [],
        newestLink: null,
        linkUsedAt: null,
        resends: { asked: 0, sent: 0, nextAt: null },
      });
    }
  });

  it('tells of verified, inactive and deleted accounts, and claims no link of theirs that works', async () => {
    await setUser('is_verified = true');
    expect(await explain()).to.deep.include({ diagnosis: { code: 'verified' }, newestLink: null });
    await setUser('is_active = false, is_verified = false');
    expect(await explain())
      .to.deep.include({ diagnosis: { code: 'inactive' } })
      .and.nested.include({ 'newestLink.state': 'not-valid' });
    await setUser('is_active = true, deleted_at = now()');
    expect(await explain()).to.nested.include({
      'diagnosis.code': 'deleted',
      'newestLink.state': 'not-valid',
    });
  });

  it('never holds the hash of a password', async () => {
    expect(JSON.stringify(await explain())).not.to.contain('$2b$');
    expect((await explain()).account?.hashed_password).to.equal(undefined);
  });

  it('tells of an email that is due, being published, or retried after a refusal', async () => {
    expect((await explain()).diagnosis.code).to.equal('due');
    await setEmail(`lease_token = gen_random_uuid(), next_attempt_at = now() + interval '20 seconds'`);
    expect((await explain()).diagnosis.code).to.equal('publishing');
    await setEmail(`lease_token = null, attempts = 3, last_error = 'Kafka: MESSAGE_TOO_LARGE'`);
    expect((await explain()).diagnosis).to.deep.include({ code: 'retrying', isDue: false, maxAttempts: 7 });
    await setEmail('next_attempt_at = now()');
    expect((await explain()).diagnosis).to.deep.include({ code: 'retrying', isDue: true });
  });

  it('tells a relay that is behind from one that is stopped, and from an outage', async () => {
    await setEmail(`next_attempt_at = now() - interval '5 minutes'`);
    expect((await explain()).diagnosis).to.include({ code: 'relay-stopped', publisherAnswers: undefined });
    const answers = publisher(() => Promise.resolve());
    expect((await explain(answers)).diagnosis).to.include({ code: 'relay-stopped', publisherAnswers: true });
    const away = publisher(() => Promise.reject(new Error('no broker')));
    expect((await explain(away)).diagnosis).to.include({ code: 'outage', error: 'no broker' });
    const grace = await instance.register('grace');
    await instance.query(`update email_outbox set status = 'published', published_at = now() where id = $1`, [
      grace.outboxId,
    ]);
    expect((await explain(answers)).diagnosis).to.include({ code: 'relay-behind', due: 1 });
  });

  it('tells since when an email waits that relays try and give back in an outage', async () => {
    await setEmail(`created_at = now() - interval '5 minutes', next_attempt_at = now()`);
    const away = publisher(() => Promise.reject(new Error('no broker')));
    for (const { diagnosis } of [await explain(), await explain(away)]) {
      expect(diagnosis.code).to.be.oneOf(['relay-stopped', 'outage']);
      const { email } = diagnosis as Extract<typeof diagnosis, { code: 'outage' }>;
      expect(Date.now() - email.due_at.getTime()).to.be.least(240_000);
    }
  });

  it('asks the publisher only where it matters', async () => {
    let asked = 0;
    const counting = publisher(async () => void (asked += 1));
    await explain(counting);
    expect(asked).to.equal(1);
    await setEmail(`status = 'dead'`);
    await explain(counting);
    await setUser('is_verified = true');
    await explain(counting);
    expect(asked).to.equal(1);
  });

  it('tells of a dead email and of one that was dropped', async () => {
    for (const status of ['dead', 'obsolete']) {
      await setEmail(`status = '${status}', attempts = 10, last_error = 'Kafka: MESSAGE_TOO_LARGE'`);
      const { diagnosis } = await explain();
      expect(diagnosis.code).to.equal(status);
      expect(diagnosis).to.nested.include({ 'email.attempts': 10, 'email.id': Number(ada.outboxId) });
    }
  });

  it('tells a link that works from one that expired, and from one that was revoked', async () => {
    await setEmail(`status = 'published', published_at = now()`);
    expect(await explain()).to.nested.include({
      'diagnosis.code': 'published',
      'diagnosis.email.event_id': ada.eventId,
      'newestLink.state': 'works',
    });
    await revokeAllTokens(instance.context);
    expect(await explain()).to.nested.include({
      'diagnosis.code': 'link-revoked',
      'newestLink.state': 'revoked',
    });
    await setLink(`created_at = now() - interval '1 day', expires_at = now()`);
    expect(await explain()).to.nested.include({
      'diagnosis.code': 'link-expired',
      'newestLink.state': 'expired',
    });
  });

  it('tells of a link that was used', async () => {
    await instance.fluentmeet.verifyEmail(ada.token);
    expect((await explain()).linkUsedAt).to.be.instanceOf(Date);
  });

  it('tells how often an email was asked for again and sent, and when the next one is possible', async () => {
    expect((await explain()).resends).to.deep.equal({ asked: 0, sent: 0, nextAt: null });
    for (let time = 0; time < 3; time++) {
      await instance.resend(ada.email);
    }
    const { resends, emails } = await explain();
    expect(resends).to.deep.include({ asked: 3, sent: 1 });
    expect(resends.nextAt!.getTime() - emails[0]!.created_at.getTime()).to.be.within(59_990, 60_010);
  });

  it('tells of one that no relay has written yet', async () => {
    const { email, id } = await instance.register('waits');
    const context = { ...instance.context, publisher: undefined };
    const diagnosis = async () => (await explainUser(context, { id })).diagnosis;
    await instance.query(
      "update email_outbox set status = 'published', published_at = now() where user_id = $1",
      [id],
    );
    await instance.fluentmeet.resendVerification(email);
    expect(await diagnosis()).to.deep.include({ code: 'requested', isLate: false });
    await instance.query("update email_requests set created_at = now() - interval '11 seconds'");
    expect(await diagnosis()).to.deep.include({ code: 'requested', isLate: true });
    await instance.resend(email);
    expect((await diagnosis()).code).to.equal('due');
  });

  it('tells of resends that nobody got', async () => {
    for (let time = 0; time < 2; time++) await instance.fluentmeet.resendVerification('nobody@example.com');
    const { resends } = await explainUser(instance.context, { email: 'nobody+tag@example.com' });
    expect(resends).to.deep.include({ asked: 2, sent: 1 });
  });

  it('tells of an email that waits for its mailbox', async () => {
    await setEmail(`status = 'held', next_attempt_at = now() + interval '1 minute'`);
    expect((await explain()).diagnosis).to.nested.include({
      code: 'held',
      'email.status': 'held',
      'email.held_by': 'mailbox',
    });
    await setEmail(`domain_hour = date_trunc('hour', next_attempt_at)`);
    expect((await explain()).diagnosis).to.nested.include({ code: 'held', 'email.held_by': 'domain' });
  });

  it('tells of accounts without an email', async () => {
    await instance.query('delete from email_outbox');
    expect((await explain()).diagnosis).to.deep.equal({ code: 'no-email' });
  });
});
