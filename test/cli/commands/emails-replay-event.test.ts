import { expect } from 'chai';
import { emailMessage, type MailStage, openStage } from '../../mailer/mail-stage.js';
import { consumeAll, requireKafka } from '../../support/kafka.js';
import { runCli } from '../run-cli.js';

describe('fluentmeet emails replay --event-id', () => {
  let stage: MailStage;
  before(async function () {
    await requireKafka(this);
  });
  afterEach(() => stage.close());

  const replay = (eventId: string, ...flags: string[]) =>
    runCli(['emails', 'replay', '--event-id', eventId, '--json', ...flags], {
      env: { KAFKA_BROKERS: stage.brokers.join(','), FLUENTMEET_EMAIL_TOPIC: stage.topics.main },
    });

  it('brings a dead one back, with all its attempts, and a mailer sends it', async () => {
    stage = await openStage({ recipient: () => ({ code: 550, text: 'no such user' }) }, 3);
    stage.startMailer();
    const message = emailMessage('ada@example.com', { headers: { language: 'ja' } });
    const eventId = String(message.headers?.['event-id']);
    await stage.publish(message, emailMessage('grace@example.com'));
    await stage.untilEvents('mailer.dead', 2);
    stage.smtp.rules = {};
    const dry = await replay(eventId, '--dry-run');
    expect(dry.code).to.equal(0);
    expect(dry.json()).to.include({ status: 'replayed', reason: 'refused', dry_run: true });
    expect(await consumeAll(stage.brokers, stage.topics.main)).to.have.length(2);
    expect((await replay(eventId)).json()).to.include({
      status: 'replayed',
      detail: 'SMTP: 550 no such user',
    });
    const [mail] = await stage.smtp.untilMails(1);
    expect(mail?.to).to.deep.equal(['ada@example.com']);
    const messages = await consumeAll(stage.brokers, stage.topics.main);
    const again = messages.findLast(({ headers }) => headers['event-id'] === eventId);
    expect(again?.headers)
      .to.include({ language: 'ja' })
      .and.not.have.any.keys('attempt', 'reason', 'detail');
    // Sent by now: once more is a repeat.
    await replay(eventId);
    await stage.untilEvents('mailer.repeated');
    expect(stage.smtp.mails).to.have.length(1);
  });

  it('brings back none that expired, and says where there is none', async () => {
    stage = await openStage();
    expect((await replay('no-such-event')).json()).to.include({ status: 'missing' });
    stage.startMailer();
    const expired = emailMessage('ada@example.com', { headers: { 'expires-at': new Date(0).toISOString() } });
    await stage.publish(expired);
    await stage.untilEvents('mailer.dead');
    const run = await replay(String(expired.headers?.['event-id']));
    expect(run.code).to.equal(1);
    expect(run.json()).to.include({ status: 'expired', reason: 'expired' });
    expect((await replay('no-such-event')).code).to.equal(1);
  });

  it('is asked for alone, with brokers that answer', async () => {
    stage = await openStage();
    expect((await runCli(['emails', 'replay', '12', '--event-id', 'x'], { env: {} })).code).to.equal(2);
    expect((await runCli(['emails', 'replay', '--event-id', 'x'], { env: {} })).stderr).to.contain(
      'KAFKA_BROKERS',
    );
    const away = await runCli(['emails', 'replay', '--event-id', 'x'], {
      env: { KAFKA_BROKERS: '127.0.0.1:1' },
    });
    expect(away.code).to.equal(4);
    const env = { KAFKA_BROKERS: stage.brokers.join(','), FLUENTMEET_EMAIL_TOPIC: 'no-such-topic-at-all' };
    const missing = await runCli(['emails', 'replay', '--event-id', 'x'], { env });
    expect(missing.code).to.equal(1);
    expect(missing.stderr).to.contain('no-such-topic-at-all.dead');
  });
});
