import { setTimeout as delay } from 'node:timers/promises';

import { withDeadline } from '../../src/deadline.js';
import { consumeAll, type ConsumedMessage } from '../support/kafka.js';
import { type Audit, audit } from './audit.js';
import { connectHarness } from './connect.js';
import type { Answer } from './driver.js';
import { percentile } from './percentile.js';
import type { Expectation } from './row.js';
import { until } from './services.js';
import type { Stage } from './stage.js';

export interface Result {
  created: number;
  unavailable: number;
  audit: Audit;
  /** Milliseconds, of those answered 201: sent during the fault, and sent before it or after the recovery. */
  p99: number;
  faultFreeP99: number;
  /** Milliseconds, of any answer at all. */
  slowest: number;
  /** Seconds. */
  recovered: number;
  /** What is not as expected; empty is ok. */
  faults: string[];
}

/** Signups must be answered within this, whatever is away. */
const mostMilliseconds = 3_000;
const leaseSeconds = 30;

/** Lets the row run to its end, counts, and holds the figures against what is expected. */
export async function conclude(stage: Stage, expect: Expectation, judgeLatency: boolean): Promise<Result> {
  const { driver } = stage;
  if (!driver) throw new Error('the row signed nobody up');
  const first = await withDeadline(driver.next(201), 30_000, 'a signup after the fault');
  await withDeadline(driver.answered(stage.size), 300_000, 'the signups of the row');
  await driver.stop();

  const client = await connectHarness(stage.databaseUrl);
  try {
    await until('every email is published', expect.recovery + 30, async () => {
      const { rows } = await client.query(`select from email_outbox where status = 'pending' limit 1`);
      return rows.length === 0;
    }).catch(() => undefined); // what is missing is counted below
    await stage.leases?.stop();
    const messages = [...stage.earlier, ...(await consumeTopic(stage.brokers, stage.topic))];
    const found = await audit(client, messages, driver.answers, stage.endedAt);
    const created = driver.answers.filter(({ status }) => status === 201);
    const recovered = Math.max(found.drained, (first.at + first.milliseconds - stage.endedAt) / 1000);
    const result: Result = {
      created: created.length,
      unavailable: driver.answers.filter(({ status }) => status === 503).length,
      audit: found,
      ...latencies(created, stage.beganAt, stage.endedAt + recovered * 1000),
      slowest: Math.max(...driver.answers.map(({ milliseconds }) => milliseconds)),
      recovered,
      faults: [],
    };
    result.faults = [
      ...countFaults(result, expect),
      ...answerFaults(driver.answers, result, expect, judgeLatency),
      ...processFaults(stage, expect),
    ];
    return result;
  } finally {
    await client.end();
  }
}

/** Both from the same row: on a machine with other work, one of another minute tells nothing. */
function latencies(created: readonly Answer[], from: number, to: number) {
  const warm = created.filter(({ warmUp }) => !warmUp);
  const isDuring = ({ at }: Answer): boolean => from === 0 || (at >= from && at <= to);
  const p99 = (answers: readonly Answer[]): number =>
    percentile(
      answers.map(({ milliseconds }) => milliseconds),
      0.99,
    );
  return { p99: p99(warm.filter(isDuring)), faultFreeP99: p99(warm.filter((answer) => !isDuring(answer))) };
}

/** A broker that was just started may still be choosing the partitions' leaders. */
export async function consumeTopic(brokers: string[], topic: string): Promise<ConsumedMessage[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await consumeAll(brokers, topic, { timeoutMs: 60_000 });
    } catch (error) {
      if (attempt === 5) throw error;
      await delay(1_000);
    }
  }
}

function countFaults({ audit, recovered }: Result, expect: Expectation): string[] {
  const { duplicates, recovery, attempts = false, reissues = false, behind = false } = expect;
  return named({
    [`${audit.lost} lost`]: audit.lost > 0,
    [`${audit.forgotten} answered 201 and forgotten`]: !behind && audit.forgotten > 0,
    [`${audit.orphans} events without a user`]: !behind && audit.orphans > 0,
    [`${audit.duplicates} duplicates`]: duplicates === 'none' && audit.duplicates > 0,
    'no duplicates: the fault did not bite': duplicates === 'certain' && audit.duplicates === 0,
    [`${audit.severalEvents} people with several event ids`]: !reissues && audit.severalEvents > 0,
    [`${audit.deadLinks} dead links`]: !behind && audit.deadLinks > 0,
    [`${audit.dead} dead emails`]: audit.dead > 0,
    [`${audit.failed} emails spent attempts`]: !attempts && audit.failed > 0,
    [`${audit.leases} leases left`]: audit.leases > 0,
    [`recovered after ${recovered.toFixed(1)} s, not ${recovery} s`]: recovered > recovery,
  });
}

export function answerFaults(
  answers: readonly Answer[],
  {
    unavailable,
    p99,
    faultFreeP99,
    slowest,
  }: Pick<Result, 'unavailable' | 'p99' | 'faultFreeP99' | 'slowest'>,
  {
    unavailable: expected,
    refused = false,
    keepsLatency = false,
  }: Omit<Expectation, 'duplicates' | 'recovery'>,
  judgeLatency: boolean,
): string[] {
  const others = answers.filter(({ status }) => ![201, 503, ...(refused ? [0] : [])].includes(status));
  const kinds = [
    ...new Set(others.map(({ status, error }) => (status === 0 ? `none (${error})` : `${status}`))),
  ];
  // What a stall costs is seconds; what two busy cores cost is this.
  const busy = 3 * faultFreeP99;
  const bound = busy + 100;
  // Where an answer takes half the time limit without a fault, some take the whole of it.
  const isOverloaded = 2 * faultFreeP99 > mostMilliseconds;
  // A machine with other work stalls for a moment, and a few are out of time; what waits for something that is away has them all.
  const ofTheMachine = judgeLatency ? 0 : answers.length / 20;
  return named({
    [`${others.length} other answers: ${kinds.join(', ')}`]: others.length > 0,
    [`${unavailable} answers 503`]: expected === undefined && unavailable > ofTheMachine && !isOverloaded,
    'no answer 503: the fault did not bite': expected === 'certain' && unavailable === 0,
    [`an answer after ${(slowest / 1000).toFixed(1)} s`]: slowest > mostMilliseconds + busy,
    [`p99 of ${p99.toFixed(0)} ms`]: judgeLatency && keepsLatency && p99 > bound,
  });
}

function processFaults(
  { hosts, relays, released, leases }: Stage,
  { event, sharedWork = false }: Expectation,
): string[] {
  const children = [...hosts, ...relays];
  const ended = children.filter((child) => child.ended !== undefined && !released.has(child));
  const longest = leases?.longest ?? 0;
  return named({
    [`a process ended by itself (${ended[0]?.ended}): ${ended[0]?.tail()}`]: ended.length > 0,
    'a relay published nothing': sharedWork && !relays.every(({ events }) => events.has('relay.published')),
    [`a lease of ${longest.toFixed(1)} s`]: longest > leaseSeconds + 0.5,
    [`no ${event}: the fault did not bite`]:
      event !== undefined && !children.some(({ events }) => events.has(event)),
  });
}

function named(conditions: Record<string, boolean>): string[] {
  return Object.entries(conditions).flatMap(([name, isTrue]) => (isTrue ? [name] : []));
}
