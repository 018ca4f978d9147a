/** Somebody who signs up again and again, as a worker: on one core, and where it is asked for with a proof of work. */
import { pbkdf2Sync } from 'node:crypto';
import { answerCalls } from './worker.js';

export interface Attack {
  port: number;
  signups: number;
  solves: boolean;
  /** Makes addresses that no other attack makes. */
  prefix: string;
}

answerCalls({
  /** Signups a second of the processor's time. */
  async run({ port, signups, solves, prefix }: Attack): Promise<number> {
    const url = `http://127.0.0.1:${port}/signup`;
    const start = process.cpuUsage();
    for (let index = 0; index < signups; index++) {
      const fields = solves
        ? { altcha: solve((await (await fetch(`${url}/challenge`)).json()) as Challenge) }
        : {};
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          email: `${prefix}.${index}@example.com`,
          password: 'MyStr0ngP@ss!',
          ...fields,
        }),
      });
      if (response.status !== 201) throw new Error(`answered ${response.status}: ${await response.text()}`);
      await response.text();
    }
    const { user, system } = process.cpuUsage(start);
    return signups / ((user + system) / 1e6);
  },
});

interface Challenge {
  parameters: { nonce: string; salt: string; cost: number; keyLength: number; keyPrefix: string };
}

/** As fast as Node can: without a browser, and without waiting for a thread. */
function solve(challenge: Challenge): string {
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  const password = Buffer.concat([Buffer.from(nonce, 'hex'), Buffer.alloc(4)]);
  const saltBytes = Buffer.from(salt, 'hex');
  for (let counter = 0; ; counter++) {
    password.writeUInt32BE(counter, password.length - 4);
    const derivedKey = pbkdf2Sync(password, saltBytes, cost, keyLength, 'sha256').toString('hex');
    if (!derivedKey.startsWith(keyPrefix)) continue;
    return Buffer.from(JSON.stringify({ challenge, solution: { counter, derivedKey } })).toString('base64');
  }
}
