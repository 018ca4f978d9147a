import { expect } from 'chai';
import sinon from 'sinon';
import type { Batch } from '../../src/outbox/claim-emails.js';
import { replayEmails } from '../../src/desk/replay-emails.js';
import { settleEmails } from '../../src/outbox/settle-emails.js';
import { createClaimer } from '../../src/relay/claimer.js';
import type { FluentMeetOptions } from '../../src/options/options.js';
import {
  createMigratedInstance,
  createTestInstance,
  type TestInstance,
} from '../fluentmeet/test-instance.js';
import { countedSignUps } from './counted-sign-ups.js';

describe('mailboxLimits, where emails did not go when they were due', () => {
  let now: Date;
  const at = (time: string): void => void (now = new Date(`2030-01-0${time}Z`));
  const mailboxLimits = { signup: { minute: 2, day: 9 }, resend: { minute: 1, day: 5 } };
  const started: TestInstance[] = [];
  let instance: TestInstance & { url: string };
  const another = (options: Partial<FluentMeetOptions> = {}): TestInstance => {
    const made = createTestInstance(instance.url, { mailboxLimits, clock: () => now, ...options });
    started.push(made);
    return made;
  };

  before(async () => (instance = await createMigratedInstance({ mailboxLimits, clock: () => now })));
  beforeEach(async () => {
    await instance.query('truncate users, mailbox_counts, domain_counts cascade');
    instance.events.length = 0;
    at('1T10:00:00');
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
  });
  after(() => instance.stop());

  async function signUp(...names: string[]): Promise<void> {
    for (const name of names) await instance.register(name);
  }
  const claim = (one: TestInstance = instance): Promise<Batch> => createClaimer(one.context).claim(100);
  const settle = async (
    { leaseToken, emails }: Batch,
    status: 'published' | 'given-back' = 'published',
  ): Promise<void> => {
    const settlements = emails.map(({ id }) => ({ id, status }));
    if (settlements.length > 0) await settleEmails(instance.context, leaseToken, settlements);
  };
  const namesOf = ({ emails }: Batch): string[] => emails.map(({ email }) => email.split('@')[0] as string);
  const goOut = async (one: TestInstance = instance): Promise<string[]> => {
    const batch = await claim(one);
    await settle(batch);
    return namesOf(batch);
  };

  it('lets what a pause, or relays that stood still, gathered go minute by minute, oldest first', async () => {
    await signUp('ada', 'ada+2', 'ada+3', 'ada+4', 'ada+5', 'grace');
    at('1T10:30:00');
    const log = sinon.spy(instance.context.logger, 'info');
    expect(await goOut()).to.deep.equal(['ada', 'ada+2', 'grace']);
    log.restore();
    const rows = await instance.query<{ event_id: string }>(
      `select event_id from email_outbox where status = 'held'`,
    );
    const told = log.args.flatMap(([data]) => (data.event === 'email.held' ? [data['eventId']] : []));
    expect(told).to.have.members(rows.map(({ event_id }) => event_id));
    expect((await instance.fluentmeet.stats()).emails).to.include({ held: 3, pending: 0 });
    expect(await goOut()).to.deep.equal([]);
    at('1T10:30:59');
    expect(await goOut()).to.deep.equal([]);
    at('1T10:31:00');
    expect(await goOut()).to.deep.equal(['ada+3', 'ada+4']);
    // Another standstill begins.
    at('1T11:00:00');
    await signUp('ada+6', 'ada+7');
    expect(await goOut()).to.deep.equal(['ada+6', 'ada+7']);
    at('1T11:01:00');
    expect(await goOut()).to.deep.equal(['ada+5']);
    expect(instance.events.filter((event) => event === 'email.held')).to.have.lengthOf(3 + 3 + 1);
  });

  it('asks nothing of the database for the only email to an address', async () => {
    await signUp('ada', 'grace', 'mary');
    at('1T10:30:00');
    const query = sinon.spy(instance.context.database, 'query');
    try {
      expect((await claim()).emails).to.have.length(3);
      expect(query.args.filter(([sql]) => sql.includes('mailbox_counts'))).to.deep.equal([]);
    } finally {
      query.restore();
    }
  });

  it('counts each once, so that the number of a day is what it was', async () => {
    await signUp('ada', 'ada+2', 'ada+3', 'ada+4');
    at('1T10:30:00');
    for (const minute of ['30', '31']) {
      at(`1T10:${minute}:00`);
      expect(await goOut()).to.have.lengthOf(2);
    }
    expect(await countedSignUps(instance)).to.deep.equal({ sent: 4, held: 0 });
  });

  it('spaces resends by their own limit, which those of signups do not spend', async () => {
    await signUp('ada', 'ada+2', 'ada+3');
    await goOut();
    for (const minute of ['01', '02', '03']) {
      at(`1T10:${minute}:05`);
      await instance.resend('ada@example.com');
    }
    at('1T10:30:00');
    expect(await goOut()).to.deep.equal(['ada+3', 'ada']);
    at('1T10:31:00');
    expect(await goOut()).to.deep.equal(['ada']);
    at('1T10:32:00');
    expect(await goOut()).to.deep.equal(['ada']);
  });

  it('spaces resends that are claimed one by one as well, as those of a long backlog are', async () => {
    await signUp('ada');
    await goOut();
    for (const minute of ['01', '02', '03']) {
      at(`1T10:${minute}:05`);
      await instance.resend('ada@example.com');
    }
    const goOutOneByOne = async (): Promise<number> => {
      let out = 0;
      for (;;) {
        const batch = await createClaimer(instance.context).claim(1);
        await settle(batch);
        if (batch.emails.length === 0 && !batch.held) return out;
        out += batch.emails.length;
      }
    };
    for (const minute of ['30', '31', '32']) {
      at(`1T10:${minute}:00`);
      expect(await goOutOneByOne()).to.equal(1);
    }
  });

  it('counts what an outage gave back as not sent', async () => {
    await signUp('ada', 'ada+2', 'ada+3');
    for (const minute of ['10', '20', '30', '40', '50']) {
      at(`1T10:${minute}:00`);
      const batch = await claim();
      expect(namesOf(batch)).to.deep.equal(['ada', 'ada+2']);
      await settle(batch, 'given-back');
    }
    at('1T10:55:00');
    expect(await goOut()).to.deep.equal(['ada', 'ada+2']);
    expect(await countedSignUps(instance)).to.deep.equal({ sent: 2, held: 1 });
  });

  it('leaves the age of what waits to be seen where no mailbox has too much', async () => {
    await signUp('ada', 'grace');
    at('1T10:50:00');
    await settle(await claim(), 'given-back');
    expect((await instance.fluentmeet.stats()).emails.oldestPendingSeconds).to.equal(3000);
  });

  it('holds whatever gathered for longer than counts are kept', async () => {
    await signUp('ada', 'ada+2', 'ada+3');
    at('4T10:00:00');
    await instance.query('truncate mailbox_counts');
    expect(await goOut()).to.deep.equal(['ada', 'ada+2']);
  });

  it('holds together what several relays claim at once', async () => {
    await signUp('ada', 'ada+2', 'ada+3', 'ada+4', 'ada+5', 'ada+6', 'ada+7', 'ada+8');
    at('1T10:30:00');
    const relays = [instance, another(), another(), another()];
    const batches = await Promise.all(relays.map((one) => createClaimer(one.context).claim(2)));
    expect(batches.flatMap(({ emails }) => emails)).to.have.lengthOf(2);
  });

  for (const [what, options] of [
    ['', {}],
    [', also where domains have a limit', { domainLimit: 100 }],
  ] as const) {
    it(`lets go what an operator lets go${what}`, async () => {
      const one = another(options);
      await signUp('ada', 'ada+2', 'ada+3', 'ada+4', 'ada+5');
      expect(await goOut(one)).to.deep.equal(['ada', 'ada+2']);
      at('1T10:00:30');
      await replayEmails(one.context, { status: 'held' });
      expect(await goOut(one)).to.deep.equal(['ada+3', 'ada+4', 'ada+5']);
    });
  }

  it('spaces what a full hour of its domain gathered, and counts each once', async () => {
    const limited = another({ domainLimit: { perHour: 4 } });
    await signUp('grace', 'linus', 'alan', 'mary');
    await goOut(limited);
    for (let tag = 1; tag <= 9; tag++) await signUp(`ada+${tag}`);
    for (const minute of ['00', '01', '02', '03', '04']) {
      at(`1T10:${minute}:00`);
      expect(await goOut(limited)).to.deep.equal([]);
    }
    expect((await instance.fluentmeet.stats()).emails.heldForDomains).to.equal(9);
    for (const [hour, count] of [
      ['11', 4],
      ['12', 4],
      ['13', 1],
    ] as const) {
      at(`1T${hour}:00:01`);
      expect(await goOut(limited)).to.have.lengthOf(Math.min(2, count));
      at(`1T${hour}:01:01`);
      expect(await goOut(limited)).to.have.lengthOf(Math.max(0, count - 2));
    }
  });
});
