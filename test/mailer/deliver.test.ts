import { expect } from 'chai';
import type { KafkaMessage } from 'kafkajs';
import sinon from 'sinon';
import { attemptsOf, deliver, dueAt } from '../../src/mailer/deliver.js';
import { SmtpError, type SmtpErrorCode } from '../../src/publishers/smtp/smtp-error.js';

const now = Date.parse('2026-03-14T12:00:00.000Z');

function message(headers: Record<string, string> = {}, template = 'account-exists'): KafkaMessage {
  const value = { to: 'ada@example.com', subject: 'Hello', template, data: { full_name: 'Ada' } };
  return {
    key: Buffer.from('7'),
    value: Buffer.from(JSON.stringify(value)),
    timestamp: '0',
    attributes: 0,
    offset: '0',
    headers: { 'event-id': 'a', ...headers },
  };
}

describe('deliver', () => {
  afterEach(() => sinon.restore());

  function mailer(send: () => Promise<void> = async () => {}, claim: object = { state: 'new' }) {
    const calls: string[] = [];
    const call =
      <T>(name: string, answer: () => Promise<T>) =>
      (given: string | { key: string }) => {
        calls.push(`${name} ${typeof given === 'string' ? given : given.key}`);
        return answer();
      };
    const done = async () => {};
    const sentLog = {
      claim: call('claim', async () => claim),
      sent: call('sent', done),
      release: call('release', done),
      lapse: call('lapse', done),
    } as never;
    return { calls, context: { sentLog, send: call('send', send), maxAttempts: 3 } };
  }
  const failing =
    (code: SmtpErrorCode, mayHaveArrived = false) =>
    () =>
      Promise.reject(new SmtpError(code, '4xx or 5xx', undefined, mayHaveArrived));

  it('sends what is nobody else’s, and notes it once the server has it', async () => {
    const { calls, context } = mailer();
    expect(await deliver(context, message())).to.deep.equal({ status: 'sent', again: false });
    expect(calls).to.deep.equal(['claim a', 'send 7', 'sent a']);
    const again = mailer(undefined, { state: 'again' });
    expect(await deliver(again.context, message())).to.deep.equal({ status: 'sent', again: true });
  });

  it('sends nothing that was sent, or that somebody else is sending', async () => {
    for (const [claim, outcome] of [
      [{ state: 'sent' }, { status: 'repeated' }],
      [
        { state: 'sending', for: 70 },
        { status: 'elsewhere', for: 70 },
      ],
    ] as const) {
      const { calls, context } = mailer(undefined, claim);
      expect(await deliver(context, message())).to.deep.equal(outcome);
      expect(calls).to.deep.equal(['claim a']);
    }
  });

  it('sends nothing that it cannot read, or whose link is dead, and claims neither', async () => {
    sinon.useFakeTimers({ now, toFake: ['Date'] });
    const { calls, context } = mailer();
    const until = (at: number) => message({ 'expires-at': new Date(at).toISOString(), attempt: '1' });
    expect(await deliver(context, message({ attempt: '4' }, 'welcome'))).to.deep.equal({
      status: 'dead',
      reason: 'unknown-template',
      attempt: 5,
    });
    expect(await deliver(context, until(now))).to.deep.equal({
      status: 'dead',
      reason: 'expired',
      attempt: 2,
    });
    expect(calls).to.deep.equal([]);
    expect(await deliver(context, until(now + 1))).to.include({ status: 'sent' });
  });

  it('defers what the server defers, until it was tried often enough', async () => {
    const { calls, context } = mailer(failing('deferred'));
    const deferred = { reason: 'deferred', detail: 'SMTP: 4xx or 5xx' };
    expect(await deliver(context, message())).to.deep.equal({ status: 'deferred', ...deferred, attempt: 1 });
    expect(calls).to.deep.equal(['claim a', 'send 7', 'release a']);
    expect(await deliver(context, message({ attempt: '1' }))).to.include({ status: 'deferred', attempt: 2 });
    expect(await deliver(context, message({ attempt: '2' }))).to.deep.equal({
      status: 'dead',
      ...deferred,
      attempt: 3,
    });
  });

  it('takes what the server refuses for dead at once', async () => {
    const { context } = mailer(failing('refused'));
    expect(await deliver(context, message())).to.include({ status: 'dead', reason: 'refused', attempt: 1 });
  });

  it('spends no attempt while the server is away', async () => {
    const { calls, context } = mailer(failing('unreachable'));
    expect(await deliver(context, message())).to.have.property('status', 'outage');
    expect(calls.at(-1)).to.equal('release a');
  });

  it('lets the claim lapse where the mail may have arrived: it is looked at again, as perhaps sent', async () => {
    const { calls, context } = mailer(failing('no-answer', true));
    expect(await deliver(context, message())).to.include({ status: 'deferred', reason: 'no-answer' });
    expect(calls.at(-1)).to.equal('lapse a');
  });

  it('throws what is no word of the server, and gives the claim back', async () => {
    const { calls, context } = mailer(() => Promise.reject(new TypeError('a bug')));
    const thrown = await deliver(context, message()).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(TypeError);
    expect(calls.at(-1)).to.equal('release a');
  });
});

describe('attemptsOf', () => {
  it('counts the failures that the header says, and none where it says nothing readable', () => {
    const counted = ['0', '12', '999999', '1000000', '-1', '1.5', 'x', ''].map((attempt) =>
      attemptsOf({ headers: { attempt } }),
    );
    expect(counted).to.deep.equal([0, 12, 999_999, 0, 0, 0, 0, 0]);
    expect(attemptsOf({})).to.equal(0);
  });
});

describe('dueAt', () => {
  it('is the time in the header, and long ago where there is none', () => {
    expect(dueAt({ headers: { 'not-before': new Date(now).toISOString() } })).to.equal(now);
    expect(dueAt({ headers: { 'not-before': 'later' } })).to.equal(0);
    expect(dueAt({})).to.equal(0);
  });
});
