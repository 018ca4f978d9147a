import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import sinon from 'sinon';
import { backoff } from '../../src/backoff.js';
import { usualTiming } from '../../src/mailer/mailer.js';
import { parseOptions } from '../../src/options/options.js';
import type { ClaimedEmail } from '../../src/outbox/claim-emails.js';
import { rejection } from '../../src/relay/compose-batch.js';

describe('what the documents say of how long an email is tried', () => {
  afterEach(() => sinon.restore());

  const hour = 3_600_000;
  const { emailMaxAttempts } = parseOptions({
    database: 'postgres://localhost/x',
    publisher: 'none',
    publicUrl: 'https://app.example.com',
    secret: 'x'.repeat(32),
  });
  /** Milliseconds from the first failure to the last, at the shortest and at the longest. */
  function range(waitAfter: (failures: number) => number): [number, number] {
    return [0, 1].map((chance) => {
      sinon.restore();
      sinon.stub(Math, 'random').returns(chance);
      const failures = Array.from({ length: emailMaxAttempts - 1 }, (_, index) => index + 1);
      return failures.reduce((sum, count) => sum + waitAfter(count), 0);
    }) as [number, number];
  }

  it('is over an hour before one that is refused is dead', async () => {
    const [least, most] = range(waitOfRejected);
    expect(least).to.be.within(hour, 2 * hour);
    expect(most).to.be.below(2.5 * hour);
    for (const file of [
      'docs/operations.md',
      'docs/monitoring.md',
      'docs/reliability.md',
      'deploy/prometheus/alerts.yml',
      'deploy/prometheus/alerts.test.yml',
    ]) {
      expect(await readFile(file, 'utf8'), file).to.contain('for over an hour');
    }
    // Random still gives its most.
    const first = waitOfRejected(1) / 1000;
    expect(await readFile('docs/emails.md', 'utf8')).to.contain(
      `backs off (${first} s, doubling to an hour)`,
    );
  });

  it('is up to four hours before one that is deferred is dead', async () => {
    const [, most] = range((failures) => backoff(failures, usualTiming.retry));
    expect(Math.round(most / hour)).to.equal(4);
    expect(await readFile('docs/operations.md', 'utf8')).to.contain('for up to four hours');
    expect(usualTiming.retry).to.deep.equal({ first: 60_000, most: hour });
    expect(await readFile('docs/emails.md', 'utf8')).to.contain('first for a minute, doubling to an hour');
  });

  function waitOfRejected(failures: number): number {
    const settlement = rejection({ id: '1', attempts: failures - 1 } as ClaimedEmail, 'no');
    return (settlement as { backoff: number }).backoff;
  }
});
