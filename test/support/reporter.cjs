'use strict';

const { relative } = require('node:path');
const { Base, Spec } = require('mocha').reporters;

const namedFiles = 10;

/** Mocha's Spec, and after its summary: the slowest files, why tests were skipped, and one closing line for machines. */
class Reporter extends Spec {
  constructor(runner, options) {
    super(runner, options);
    this.skipped = new Map();
    /** Milliseconds of a file's tests and hooks. */
    this.times = new Map();
    for (const event of ['test end', 'hook end']) {
      runner.on(event, ({ file, duration }) => {
        if (file) this.times.set(file, (this.times.get(file) ?? 0) + (duration ?? 0));
      });
    }
    runner.on('pending', (test) => {
      const reason = reasonOf(test);
      this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
    });
  }

  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    if (this.times.size > namedFiles) Base.consoleLog(`Slowest files: ${this.slowest().join(', ')}`);
    for (const [reason, count] of this.skipped) Base.consoleLog(`${count} skipped: ${reason}`);
    const skipped = pending > 0 ? `, ${pending} skipped` : '';
    Base.consoleLog(`${passes} passed, ${failures} failed${skipped}`);
  }

  slowest() {
    return [...this.times]
      .toSorted(([, one], [, other]) => other - one)
      .slice(0, namedFiles)
      .map(([file, time]) => `${relative('.', file)} ${Math.round(time / 1000)} s`);
  }
}

/** The reason that `skipFor` wrote into the title of a test or of one of its suites. */
function reasonOf(test) {
  return /\[skipped: (.*?)\]/.exec(test.fullTitle())?.[1] ?? 'no reason given';
}

module.exports = Reporter;
