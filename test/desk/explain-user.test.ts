import { expect } from 'chai';
import { type Diagnosis, explainUser, type ExplainOptions } from '../../src/desk/explain-user.js';
import { createMigratedInstance, type Registered, type TestInstance } from '../fluentmeet/test-instance.js';

describe('explaining why a mail did not arrive', () => {
  let instance: TestInstance;
  let ada: Registered;
  before(async () => (instance = await createMigratedInstance({ bcryptCost: 4 })));
  after(() => instance.stop());
  beforeEach(async () => {
    await instance.query('truncate users cascade');
    ada = await instance.register('ada');
  });

  const setEmail = (columns: string) =>
    instance.query(`update email_outbox set ${columns} where id = $1`, [ada.outboxId]);
  const setUser = (columns: string) => instance.query(`update users set ${columns} where id = $1`, [ada.id]);
  const explain = (options: ExplainOptions = {}) =>
    explainUser(instance.context, { email: 'Ada@Example.com' }, options);
  async function expectDiagnosis(
    diagnosis: Diagnosis,
    sentence: RegExp,
    options: ExplainOptions = {},
  ): Promise<string> {
    const explanation = await explain(options);
    expect(explanation.diagnosis).to.equal(diagnosis);
    expect(explanation.summary).to.match(sentence);
    expect(explanation.advice).not.to.be.empty;
    const text = [explanation.summary, ...explanation.details, ...explanation.advice].join('\n');
    expect(text).not.to.contain(ada.token).and.not.contain('@');
    return text;
  }

  it('has never heard of an address', async () => {
    const { diagnosis, details, account } = await explainUser(instance.context, {
      email: 'nobody@example.com',
    });
    expect({ diagnosis, details, account }).to.deep.equal({
      diagnosis: 'unknown',
      details: [],
      account: null,
    });
  });

  it('tells of deleted, inactive and verified accounts', async () => {
    await setUser('is_verified = true');
    await expectDiagnosis('verified', /no email is missing/);
    await setUser('is_active = false');
    await expectDiagnosis('inactive', /deactivated/);
    await setUser('deleted_at = now()');
    await expectDiagnosis('deleted', /its address stays taken/);
  });

  it('tells of an email that is due, being published, or retried after a refusal', async () => {
    await expectDiagnosis('due', /about to be published/);
    await setEmail(`lease_token = gen_random_uuid(), next_attempt_at = now() + interval '20 seconds'`);
    await expectDiagnosis('publishing', /just now/);
    await setEmail(`lease_token = null, attempts = 3, last_error = 'Kafka: MESSAGE_TOO_LARGE'`);
    const text = await expectDiagnosis(
      'retrying',
      /refused 3 times\. Last error: Kafka: MESSAGE_TOO_LARGE\. The next attempt is due on \d{4}-.*after 10 times/,
    );
    expect(text).to.contain(`fluentmeet emails replay ${ada.outboxId}`);
  });

  it('tells a relay that is behind from one that is stopped, and from an outage', async () => {
    await setEmail(`next_attempt_at = now() - interval '5 minutes'`);
    await expectDiagnosis('relay-stopped', /no relay seems to be running, or it cannot reach Kafka/);
    await expectDiagnosis('relay-stopped', /no relay seems to be running\.$/, { outage: null });
    await expectDiagnosis('outage', /cannot be published at present: Kafka: no broker/, {
      outage: 'Kafka: no broker',
    });
    const grace = await instance.register('grace');
    await instance.query(`update email_outbox set status = 'published', published_at = now() where id = $1`, [
      grace.outboxId,
    ]);
    await expectDiagnosis('relay-behind', /at work but behind, with 1 emails due/);
  });

  it('tells of a dead email with its last error and how to replay it', async () => {
    await setEmail(`status = 'dead', attempts = 10, last_error = 'Kafka: MESSAGE_TOO_LARGE'`);
    const text = await expectDiagnosis(
      'dead',
      /failed 10 times and was given up\. Last error: Kafka: MESSAGE_TOO_LARGE\./,
    );
    expect(text).to.contain(`fluentmeet emails replay ${ada.outboxId}`);
  });

  it('tells when it was published, whether its link still works, and what to look for', async () => {
    await setEmail(`status = 'published', published_at = now()`);
    expect(await expectDiagnosis('published', /handed over to the mail service.*works until/)).to.contain(
      ada.eventId,
    );
    await instance.query(`update verification_tokens set expires_at = now()`);
    await expectDiagnosis('link-expired', /expired unused/);
    await setEmail(`status = 'obsolete'`);
    await expectDiagnosis('obsolete', /was dropped/);
  });

  it('tells of accounts without an email, and of requests over the limit', async () => {
    await instance.query(
      `insert into email_outbox (event_id, user_id, template, status, published_at, created_at)
       select gen_random_uuid(), $1, 'verification', 'published', now(), now() + n * interval '1 minute' from generate_series(1, 5) n`,
      [ada.id],
    );
    expect((await explain()).details.join()).to.contain('They asked for 5 emails within a day');
    await instance.query('delete from email_outbox');
    await expectDiagnosis('no-email', /seeded or imported/);
  });

  it('writes times for its reader', async () => {
    const { details } = await explain({ when: () => 'teatime' });
    expect(details[0]).to.contain('signed up on teatime');
  });
});
