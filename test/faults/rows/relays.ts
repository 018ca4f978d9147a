import { setTimeout as delay } from 'node:timers/promises';

import type { HaltPoint } from '../relay-process.js';
import type { Row } from '../row.js';
import { layEmails } from '../lay-emails.js';
import type { Stage } from '../stage.js';
import { prepare } from './prepare.js';

/** What a dead relay had claimed is free after a lease of 30 s; then comes a poll, and the publishing. */
const lease = 36;
const tenThousand = 10_000;

/** Relays that die, stand still, or are many. */
export const relayFaults: readonly Row[] = [
  {
    name: 'relay-killed-early',
    title: 'relay kill -9 between commit and publish',
    expect: { duplicates: 'none', recovery: lease },
    play: (stage) => killAt(stage, 'before-publish'),
  },
  {
    name: 'relay-killed-late',
    title: 'relay kill -9 between publish and settle',
    expect: { duplicates: 'certain', recovery: lease },
    play: (stage) => killAt(stage, 'before-settle'),
  },
  {
    name: 'relay-killed-often',
    title: 'relay kill -9 at 100 random moments',
    expect: { duplicates: 'possible', recovery: lease },
    play: (stage) => killOften(stage, 100),
  },
  {
    name: 'relay-frozen',
    title: 'relay frozen past its lease while publishing, then continued',
    expect: { duplicates: 'certain', recovery: 5, event: 'email.lease-lost' },
    play: (stage) => freezeAt(stage, 'before-publish', 35_000),
  },
  {
    name: 'relay-frozen-settling',
    title: 'relay frozen for 45 s between publish and settle, then continued',
    expect: { duplicates: 'certain', recovery: 5, event: 'email.lease-lost' },
    play: (stage) => freezeAt(stage, 'before-settle', 45_000),
  },
  manyRelays(2),
  manyRelays(4),
];

async function killAt(stage: Stage, point: HaltPoint): Promise<void> {
  await prepare(stage);
  await stage.start({ hostRelay: false, relays: 0 });
  await stage.breakWhile(async () => {
    for (let victims = 0; victims < 3; victims++) {
      const victim = await stage.startRelay({}, { at: point, milliseconds: 60_000 });
      await victim.logged('relay.halted');
      await stage.release(victim, 'SIGKILL');
    }
  });
  await stage.startRelay({});
}

async function freezeAt(stage: Stage, at: HaltPoint, milliseconds: number): Promise<void> {
  await prepare(stage);
  await stage.start({ hostRelay: false, relays: 0 });
  await stage.breakWhile(async () => {
    const frozen = await stage.startRelay({}, { at, milliseconds: 300 });
    await frozen.logged('relay.halted');
    frozen.signal('SIGSTOP');
    await stage.startRelay({});
    await delay(milliseconds);
    frozen.signal('SIGCONT');
    await frozen.logged('email.lease-lost');
  });
}

/** Two at a time, so that one starts while the other works. */
async function killOften(stage: Stage, kills: number): Promise<void> {
  await prepare(stage);
  await stage.start({ hostRelay: false, relays: 0 });
  await stage.breakWhile(async () => {
    let left = kills;
    const killing = Array.from({ length: 2 }, async () => {
      while (left-- > 0) {
        const victim = await stage.startRelay({});
        await delay(Math.random() * 500);
        await stage.release(victim, 'SIGKILL');
      }
    });
    await Promise.all(killing);
  });
  await stage.startRelay({});
}

function manyRelays(relays: number): Row {
  return {
    name: `relays-${relays}`,
    title: `${relays} relays on 10,000 emails`,
    expect: { duplicates: 'none', recovery: 20, sharedWork: true },
    async play(stage) {
      const url = await prepare(stage);
      await layEmails(url, tenThousand);
      // Each stands still with its first batch until all have one: the first to start could publish everything alone.
      const halt = { at: 'before-publish', milliseconds: 4_000 } as const;
      await Promise.all(Array.from({ length: relays }, () => stage.startRelay({}, halt)));
      await stage.start({ hostRelay: false, relays: 0 });
      await stage.brokenThroughout();
    },
  };
}
