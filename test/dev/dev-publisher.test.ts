import { expect } from 'chai';
import { createDevPublisher } from '../../src/dev/dev-publisher.js';
import {
  OutageError,
  type OutgoingEmail,
  type Publisher,
  type PublishResult,
} from '../../src/outbox/publisher.js';
import { sampleEmail } from '../../src/outbox/sample-email.js';

function remembering(answer: (email: OutgoingEmail) => PublishResult = () => ({ status: 'published' })) {
  const got: string[] = [];
  const publisher: Publisher = {
    async publish(emails) {
      got.push(...emails.map(({ value }) => value.to));
      return emails.map(answer);
    },
    async check() {},
    async close() {},
  };
  return { got, publisher };
}

describe('createDevPublisher', () => {
  const emails = ['a@example.com', 'b@example.com'].map((to) => sampleEmail({ to }));
  const refusal: PublishResult = { status: 'rejected', error: new Error('no') };

  it('hands on what each has taken, and answers in the order of the emails', async () => {
    const mailbox = remembering();
    const kafka = remembering(({ value }) => (value.to.startsWith('a') ? refusal : { status: 'published' }));
    const smtp = remembering();
    const publisher = createDevPublisher(mailbox.publisher, [kafka.publisher, smtp.publisher]);
    expect(await publisher.publish(emails)).to.deep.equal([refusal, { status: 'published' }]);
    expect([mailbox.got, kafka.got, smtp.got].map((one) => one.length)).to.deep.equal([2, 2, 1]);
    expect(smtp.got).to.deep.equal(['b@example.com']);
  });

  it('has them in the mailbox also while another is away', async () => {
    const mailbox = remembering();
    const away = { ...remembering().publisher, publish: () => Promise.reject(new OutageError('away')) };
    const publisher = createDevPublisher(mailbox.publisher, [away]);
    await publisher.publish(emails).then(
      () => expect.fail('it published'),
      (error: unknown) => expect(error).to.be.instanceOf(OutageError),
    );
    expect(mailbox.got).to.have.length(2);
  });

  it('takes as many at once as suits the smallest', () => {
    const { publisher } = remembering();
    expect(createDevPublisher(publisher, []).batchSize).to.equal(undefined);
    expect(createDevPublisher(publisher, [{ ...publisher, batchSize: 20 }, publisher]).batchSize).to.equal(
      20,
    );
  });
});
