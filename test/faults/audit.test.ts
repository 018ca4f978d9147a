import { expect } from 'chai';
import type pg from 'pg';

import { hashToken } from '../../src/verification/token-value.js';
import type { ConsumedMessage } from '../support/kafka.js';
import { audit } from './audit.js';
import type { Answer } from './driver.js';
import { answerFaults } from './result.js';

const soon = new Date(2_000);
const users = [
  { id: '1', email: 'one@example.com' },
  { id: '2', email: 'two@example.com' },
];
const tokens = users.map(({ id }) => ({ token_hash: hashToken(`token-${id}`), expires_at: soon }));
const outbox = { dead: 0, failed: 0, leases: 0, drained: null };

/** A database that answers the audit's three questions in their order. */
function database(): pg.Client {
  const answers = [users, tokens, [outbox]];
  return { query: async () => ({ rows: answers.shift() }) } as unknown as pg.Client;
}

function message(id: string, { event = `event-${id}`, to = '', timestamp = '1000' } = {}): ConsumedMessage {
  const address = to || (users.find((user) => user.id === id)?.email as string);
  const link = `https://app.example.com/verify?token=token-${id}`;
  return {
    key: id,
    value: JSON.stringify({ to: address, data: { verification_link: link } }),
    headers: { 'event-id': event },
    partition: 0,
    offset: '0',
    timestamp,
  };
}

const created = (email: string): Answer => ({ email, status: 201, milliseconds: 1, at: 0, warmUp: false });

const auditOf = (messages: ConsumedMessage[], answers: Answer[] = []) =>
  audit(database(), messages, answers, 0);

describe("the fault matrix's audit", () => {
  const all = [message('1'), message('2')];

  it('finds nothing where everybody has one event', async () => {
    expect(
      await auditOf(
        all,
        users.map(({ email }) => created(email)),
      ),
    ).to.deep.include({
      ...{
        users: 2,
        events: 2,
        lost: 0,
        forgotten: 0,
        orphans: 0,
        duplicates: 0,
        severalEvents: 0,
        deadLinks: 0,
      },
    });
  });

  it('misses the event of a user, and the user of a 201', async () => {
    expect(await auditOf([message('1')])).to.include({ lost: 1 });
    expect(await auditOf(all, [created('nobody@example.com')])).to.include({ lost: 0, forgotten: 1 });
  });

  it('tells a repeat under the same event id from a second event', async () => {
    expect(await auditOf([...all, message('1')])).to.include({ duplicates: 1, severalEvents: 0, events: 2 });
    const second = message('1', { event: 'another' });
    expect(await auditOf([...all, second])).to.include({ duplicates: 0, severalEvents: 1, events: 3 });
  });

  it('sees events without a user, to another address, and under an id that is taken', async () => {
    expect(await auditOf([...all, message('3', { to: 'three@example.com' })])).to.include({ orphans: 1 });
    expect(await auditOf([message('1', { to: 'two@example.com' }), message('2')])).to.include({ orphans: 1 });
    expect(await auditOf([message('1'), message('2', { event: 'event-1' })])).to.include({ orphans: 1 });
  });

  it('sees links that were unknown or dead when they were published', async () => {
    expect(await auditOf([message('1'), message('2', { timestamp: '2000' })])).to.include({ deadLinks: 1 });
    expect(await auditOf([...all, message('3', { to: 'three@example.com' })])).to.include({ deadLinks: 1 });
  });
});

describe("the fault matrix's judgement of the answers", () => {
  const answers = Array.from({ length: 400 }, (_, index) => created(`${index}@example.com`));
  const faultsOf = (unavailable: number, judgeLatency: boolean, expect = {}) =>
    answerFaults(answers, { unavailable, p99: 900, faultFreeP99: 100, slowest: 2_900 }, expect, judgeLatency);

  it('takes a few 503 for the machine’s where it may have other work, and many for a fault', () => {
    expect(faultsOf(7, false)).to.deep.equal([]);
    expect(faultsOf(40, false)).to.deep.equal(['40 answers 503']);
    expect(faultsOf(1, true)).to.deep.equal(['1 answers 503']);
    expect(faultsOf(40, true, { unavailable: 'certain' })).to.deep.equal([]);
    expect(faultsOf(0, false, { unavailable: 'certain' })).to.deep.equal([
      'no answer 503: the fault did not bite',
    ]);
  });

  it('judges the p99 where the machine has no other work', () => {
    expect(faultsOf(0, true, { keepsLatency: true })).to.deep.equal(['p99 of 900 ms']);
    expect(faultsOf(0, false, { keepsLatency: true })).to.deep.equal([]);
  });
});
