import { expect } from 'chai';
import { smtpPublisher } from '../../../src/publishers/smtp/index.js';
import { createMigratedInstance, type TestInstance } from '../../fluentmeet/test-instance.js';
import { startSmtp, type SmtpRules, type TestSmtp } from '../../support/smtp.js';

describe('the outbox published by mail', function () {
  this.timeout(60_000);
  let smtp: TestSmtp;
  let instance: TestInstance;
  afterEach(async () => {
    await instance.stop();
    await smtp.stop();
  });

  const open = async (rules: SmtpRules, connections = 1): Promise<void> => {
    smtp = await startSmtp(rules);
    const publisher = smtpPublisher({
      url: `${smtp.url}?tls=off&connections=${connections}`,
      from: 'no-reply@example.com',
    });
    instance = await createMigratedInstance({ publisher });
  };
  const addresses = () => smtp.mails.map(({ to }) => to[0]);
  const rows = () =>
    instance.query<{ status: string; attempts: number; last_error: string | null }>(
      `select status, attempts, last_error from ${instance.context.database.table('email_outbox')} order by id`,
    );

  it('goes past a mail at which the server always breaks off, although it is the oldest', async () => {
    await open({ data: ({ to }) => (to[0]?.startsWith('poison') ? 'hang-up' : undefined) });
    for (const name of ['poison', 'a', 'b', 'c']) await instance.register(name);
    await instance.fluentmeet.start();
    await smtp.untilMails(3, 40_000);
    expect(addresses()).to.have.members(['a@example.com', 'b@example.com', 'c@example.com']);
  });

  it('goes past one at which it hangs up before the mail, too', async () => {
    await open({ recipient: (address) => (address.startsWith('poison') ? 'hang-up' : undefined) });
    for (const name of ['poison', 'a', 'b']) await instance.register(name);
    await instance.fluentmeet.start();
    await smtp.untilMails(2, 40_000);
    expect(addresses()).to.have.members(['a@example.com', 'b@example.com']);
  });

  it('pauses for nobody’s sake where the server never answers for one, and takes the others’ mail', async () => {
    const silent = (address: string) => address.startsWith('poison');
    await open({ recipient: (address) => (silent(address) ? 'silence' : undefined) }, 5);
    for (const name of ['poison1', 'poison2', 'a']) await instance.register(name);
    await instance.fluentmeet.start();
    await smtp.untilMails(1);
    await instance.register('b');
    await smtp.untilMails(2, 40_000);
    expect(addresses()).to.have.members(['a@example.com', 'b@example.com']);
    expect((await rows()).map(({ attempts }) => attempts)).to.deep.equal([1, 1, 0, 0]);
    expect(instance.events).not.to.include('relay.away');
  });

  it('spends no attempt while the server is away, and sends each once when it is back', async () => {
    await open({});
    await smtp.stop();
    for (const name of ['a', 'b', 'c']) await instance.register(name);
    await instance.fluentmeet.start();
    while (!instance.events.includes('relay.away')) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await rows()).to.deep.equal(
      Array.from({ length: 3 }, () => ({ status: 'pending', attempts: 0, last_error: null })),
    );
    await smtp.start();
    await smtp.untilMails(3);
    while ((await rows()).some(({ status }) => status === 'pending'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(addresses()).to.have.members(['a@example.com', 'b@example.com', 'c@example.com']);
    expect((await rows()).map(({ attempts }) => attempts)).to.deep.equal([0, 0, 0]);
  });
});
