'use strict';

const { Base, Spec } = require('mocha').reporters;

/** Mocha's Spec, and after its summary: why tests were skipped, and one closing line for machines. */
class Reporter extends Spec {
  constructor(runner, options) {
    super(runner, options);
    this.skipped = new Map();
    runner.on('pending', (test) => {
      const reason = reasonOf(test);
      this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
    });
  }

  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
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
