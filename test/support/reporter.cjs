'use strict';

const { Base, Spec } = require('mocha').reporters;

/**
 * Mocha's Spec, and after its summary: which tests were tried twice, why others were skipped, and one closing line for
 * machines. Every test has a second try, since shared machines stall for seconds, and none has it silently.
 */
class Reporter extends Spec {
  constructor(runner, options) {
    super(runner, options);
    this.skipped = new Map();
    this.retried = [];
    runner.on('retry', (test, error) => this.retried.push(`${test.fullTitle()}: ${error.message}`));
    runner.on('pending', (test) => {
      const reason = reasonOf(test);
      this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
    });
  }

  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    for (const one of this.retried) Base.consoleLog(`Tried twice: ${one}`);
    for (const [reason, count] of this.skipped) Base.consoleLog(`${count} skipped: ${reason}`);
    const skipped = pending > 0 ? `, ${pending} skipped` : '';
    Base.consoleLog(`${passes} passed, ${failures} failed${skipped}`);
  }
}

/** The nearest reason that a test or one of its suites was given by `requireKafka` and its like. */
function reasonOf(test) {
  for (let node = test; node; node = node.parent) {
    if (node.skipReason) return node.skipReason;
  }
  return 'no reason given';
}

module.exports = Reporter;
