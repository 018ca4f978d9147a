import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { PublishMany, PublishOne } from '../../src/outbox/publisher.js';
import { testPublisher } from '../../src/testing/index.js';
import { rejection } from '../fluentmeet/test-instance.js';
import { mailbox, remembering } from './publishers.js';

const run = promisify(execFile);

describe('the conformance suite, under mocha', () => {
  describe('for the remembering publisher', () => testPublisher(remembering, { describe, it }));
  describe('for the mailbox', () => testPublisher(mailbox, { describe, it }));
  describe('for a function of one email', () => testPublisher(() => async () => {}, { describe, it }));
});

describe('the conformance suite, under node:test', function () {
  this.timeout(60_000);
  const suite = fileURLToPath(new URL('node-test-suite.ts', import.meta.url));
  const runSuite = (env: Record<string, string>) =>
    run(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=tap', suite], {
      cwd: path.resolve(),
      // A child of a test run of node's own would report to its parent instead.
      env: { ...process.env, ...env, NODE_TEST_CONTEXT: undefined },
    });

  it('passes', async () => {
    const { stdout } = await runSuite({});
    expect(stdout)
      .to.match(/# fail 0/)
      .and.match(/# pass 1[0-9]/);
  });

  it('fails for a publisher that is none', async () => {
    expect((await rejection(runSuite({ WITH_A_BAD_ONE: '1' }))).stdout).to.match(/no-answer/);
  });
});

describe('testPublisher', () => {
  /** The names of the tests that fail. */
  async function failing(publisher: PublishOne | PublishMany, more = {}): Promise<string[]> {
    const tests: [string, () => Promise<void>][] = [];
    testPublisher(() => ({ publisher, ...more }), {
      describe: (_, body) => body(),
      it: (name, body) => void tests.push([name, body]),
    });
    const failed: string[] = [];
    for (const [name, body] of tests) await body().catch(() => failed.push(name));
    return failed;
  }
  const published = async (emails: readonly unknown[]) =>
    emails.map(() => ({ status: 'published' as const }));

  it('has nothing against one that works', async () => {
    expect(await failing({ publish: published })).to.deep.equal([]);
  });

  const bad: [string, PublishOne | PublishMany, object, number][] = [
    ['answers nothing', { publish: async () => undefined as never }, {}, 4],
    ['answers for one email alone', { publish: async () => [{ status: 'published' }] }, {}, 1],
    ['throws', () => Promise.reject(new Error('no')), {}, 4],
    ['loses what it says is published', { publish: published }, { received: async () => [] }, 4],
    ['cannot be closed twice', { publish: published, close: closedOnce() }, {}, 1],
    ['refuses nothing', { publish: published }, { refused: {} }, 1],
    [
      'does not notice an outage',
      { publish: published },
      { interrupt: async () => {}, restore: async () => {} },
      1,
    ],
  ];
  for (const [what, publisher, more, count] of bad) {
    it(`finds one that ${what}`, async () => {
      expect(await failing(publisher, more)).to.have.lengthOf(count);
    });
  }

  function closedOnce(): () => Promise<void> {
    let closed = 0;
    return async () => {
      // The suite itself closes once more than each of its tests.
      if (++closed % 8 === 0) throw new Error('closed already');
    };
  }
});
