import { expect } from 'chai';
import sinon from 'sinon';
import { smtpError, SmtpError } from '../../../src/publishers/smtp/smtp-error.js';
import type { Mail } from '../../../src/publishers/smtp/smtp-pool.js';
import { createSmtpSender } from '../../../src/publishers/smtp/smtp-sender.js';

const signal = new AbortController().signal;
const mail = (messageId: string, to = `${messageId}@example.com`) => ({ messageId, to }) as Mail;

/** What the server does with each mail, by its message id; `check`, with those who only greet it. */
function senderTo(server: Record<string, SmtpError['code'] | undefined>, mayHaveArrived = false) {
  const answer = async (code: SmtpError['code'] | undefined): Promise<void> => {
    if (code) throw new SmtpError(code, 'no', undefined, mayHaveArrived);
  };
  const sender = createSmtpSender({
    send: ({ messageId }) => answer(server[messageId]),
    check: () => answer(server['check']),
  });
  return async (messageId: string): Promise<string> => {
    try {
      await sender.send(mail(messageId), signal);
      return 'accepted';
    } catch (error) {
      return (error as SmtpError).code;
    }
  };
}

describe('421 to a mail', () => {
  function senderTo421(server: Record<string, boolean>) {
    const sender = createSmtpSender({
      async send({ messageId }) {
        if (server[messageId]) throw smtpError({ responseCode: 421, response: '421 later' }, '');
      },
      check: async () => undefined,
    });
    const send = async (messageId: string): Promise<string> => {
      try {
        await sender.send(mail(messageId), signal);
        return 'accepted';
      } catch (error) {
        return (error as SmtpError).code;
      }
    };
    return { send, sender };
  }

  it('is the mail’s own at its fifth time where others got through before each', async () => {
    const server: Parameters<typeof senderTo421>[0] = { a: true };
    const { send, sender } = senderTo421(server);
    for (let time = 1; time < 5; time++) {
      await send('other');
      expect(await send('a'), `time ${time}`).to.equal('busy');
    }
    await send('other');
    expect(sender.suspicion(mail('a'))).to.equal(2);
    expect(await send('a')).to.equal('deferred');
    // Known for one now.
    expect(await send('a')).to.equal('deferred');
    server['a'] = false;
    expect(await send('a')).to.equal('accepted');
    server['a'] = true;
    expect(await send('a'), 'forgotten once it went through').to.equal('busy');
  });

  it('is an outage as long as nobody else gets through', async () => {
    const { send } = senderTo421({ a: true, b: true });
    for (let time = 0; time < 8; time++) {
      expect(await send('a')).to.equal('busy');
      expect(await send('b')).to.equal('busy');
    }
  });
});

describe('a connection that breaks', () => {
  it('is judged in the time that is left, and an outage where the server says nothing in it', async () => {
    const given: (number | undefined)[] = [];
    let isSilent = false;
    const sender = createSmtpSender({
      async send({ messageId }) {
        if (messageId === 'a') throw new SmtpError('unreachable', 'no', undefined, false);
      },
      async check(most) {
        given.push(most);
        if (isSilent) throw new SmtpError('silent', 'no', undefined, false);
      },
    });
    const send = (messageId: string, answerBy?: number) =>
      sender.send(mail(messageId), signal, answerBy).then(
        () => 'accepted',
        (error: SmtpError) => error.code,
      );
    await send('a');
    await send('other');
    isSilent = true;
    expect(await send('a', performance.now() + 4_000)).to.equal('unreachable');
    expect(given[0]).to.be.within(1, 4_000);
    isSilent = false;
    expect(await send('a', performance.now() - 1)).to.equal('unreachable');
    expect(given).to.have.length(1);
    expect(await send('a')).to.equal('no-answer');
  });

  it('is an outage however often, as long as nobody else gets through', async () => {
    const send = senderTo({ a: 'unreachable', b: 'silent' });
    for (let time = 0; time < 5; time++) {
      expect(await send('a')).to.equal('unreachable');
      expect(await send('b')).to.equal('silent');
    }
  });

  it('is the mail’s own fault where it broke again and others got through in between', async () => {
    const server: Parameters<typeof senderTo>[0] = { a: 'unreachable' };
    const send = senderTo(server);
    expect(await send('other')).to.equal('accepted');
    expect(await send('a')).to.equal('unreachable');
    expect(await send('other')).to.equal('accepted');
    expect(await send('a')).to.equal('no-answer');
    // Known for one now.
    expect(await send('a')).to.equal('no-answer');
    server['a'] = undefined;
    expect(await send('a')).to.equal('accepted');
  });

  it('is an outage where the server cannot even be greeted, whatever was known of the mail', async () => {
    const server: Parameters<typeof senderTo>[0] = { a: 'unreachable' };
    const send = senderTo(server);
    await send('a');
    await send('other');
    expect(await send('a')).to.equal('no-answer');
    server['check'] = 'unreachable';
    expect(await send('a')).to.equal('unreachable');
    server['check'] = undefined;
    expect(await send('a')).to.equal('no-answer');
  });

  it('is the mail’s own fault the second time that all of it was handed over', async () => {
    const server: Parameters<typeof senderTo>[0] = { a: 'silent' };
    const send = senderTo(server, true);
    expect(await send('a')).to.equal('silent');
    expect(await send('a')).to.equal('no-answer');
  });

  it('is waited for as long as a server may take, and less where it was quick with others', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['performance'] });
    try {
      const patience: (number | undefined)[] = [];
      let took = 100;
      const sender = createSmtpSender({
        async send(_mail, _signal, most) {
          patience.push(most);
          clock.tick(took);
        },
        check: async () => undefined,
      });
      await sender.send(mail('a'), signal);
      took = 5_000;
      await sender.send(mail('b'), signal);
      await sender.send(mail('c'), signal);
      clock.tick(60_000);
      await sender.send(mail('d'), signal);
      expect(patience).to.deep.equal([undefined, 10_000, 20_000, undefined]);
    } finally {
      clock.restore();
    }
  });

  describe('after a long silence', () => {
    let clock: sinon.SinonFakeTimers;
    beforeEach(() => (clock = sinon.useFakeTimers({ toFake: ['performance'] })));
    afterEach(() => clock.restore());

    /** `a` is answered nothing for so many seconds. */
    function senderThatWaits(seconds: number, isReachable = true) {
      const away = new SmtpError('silent', 'no answer in time', undefined);
      const sender = createSmtpSender({
        async send({ messageId }) {
          if (messageId !== 'a') return;
          clock.tick(seconds * 1_000);
          throw away;
        },
        check: () => (isReachable ? Promise.resolve() : Promise.reject(away)),
      });
      return async (messageId: string): Promise<string> =>
        sender.send(mail(messageId), signal).then(
          () => 'accepted',
          ({ code }: SmtpError) => code,
        );
    }

    it('is the mail’s own fault at its first time, where others were accepted within the minute', async () => {
      const send = senderThatWaits(25);
      await send('other');
      expect(await send('a')).to.equal('no-answer');
      clock.tick(3_600_000);
      expect(await send('a'), 'known for one now').to.equal('no-answer');
    });

    for (const [what, seconds, pause, isReachable] of [
      ['it was cut short', 7, 0, true],
      ['nobody was accepted of late', 25, 36, true],
      ['the server cannot be greeted', 25, 0, false],
    ] as const) {
      it(`is an outage where ${what}`, async () => {
        const send = senderThatWaits(seconds, isReachable);
        await send('other');
        clock.tick(pause * 1_000);
        expect(await send('a')).to.equal('silent');
      });
    }
  });

  it('makes a suspect of what goes to the same domain', async () => {
    const sender = createSmtpSender({
      send: () => Promise.reject(new SmtpError('silent', 'no answer in time', undefined)),
      check: async () => undefined,
    });
    await sender.send(mail('a', 'ada@tarpit.example'), signal).catch(() => undefined);
    const suspicion = (messageId: string, to: string) => sender.suspicion({ messageId, to });
    expect(suspicion('a', 'ada@tarpit.example')).to.equal(2);
    expect(suspicion('b', 'bob@tarpit.example')).to.equal(1);
    expect(suspicion('b', 'bob@mx.tarpit.example')).to.equal(0);
  });

  it('is remembered of the last thousand mails', async () => {
    const server: Parameters<typeof senderTo>[0] = { a: 'unreachable', last: 'unreachable' };
    const send = senderTo(server);
    await send('a');
    for (let count = 0; count < 1_000; count++) {
      server[count] = 'unreachable';
      await send(`${count}`);
    }
    await send('last');
    await send('other');
    expect(await send('a')).to.equal('unreachable');
    expect(await send('last')).to.equal('no-answer');
  });

  it('is forgotten once the mail went through', async () => {
    const server: Parameters<typeof senderTo>[0] = { a: 'silent' };
    const send = senderTo(server);
    await send('a');
    server['a'] = undefined;
    expect(await send('a')).to.equal('accepted');
    server['a'] = 'silent';
    await send('other');
    expect(await send('a')).to.equal('silent');
  });

  it('leaves every other failure as it is', async () => {
    const send = senderTo({ a: 'refused', b: 'busy' });
    for (let time = 0; time < 3; time++) {
      expect(await send('a')).to.equal('refused');
      expect(await send('b')).to.equal('busy');
      expect(await send('other')).to.equal('accepted');
    }
  });
});
