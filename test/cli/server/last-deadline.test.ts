import { expect } from 'chai';
import sinon from 'sinon';
import { setLastDeadline, stopPatience } from '../../../src/cli/server/last-deadline.js';
import { createIo } from '../run-cli.js';
import { recordingLogger } from '../../http/test-host.js';

describe('the last deadline', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => clock.restore());

  function create() {
    const { io, exits } = createIo();
    const { lines, logger } = recordingLogger();
    const controller = new AbortController();
    const ended = setLastDeadline({ io, logger, stopping: controller.signal }, stopPatience);
    return { exits, lines, ended, stop: () => controller.abort() };
  }

  it('ends the process ten seconds after the signal, with a line that says so', () => {
    const { exits, lines, stop } = create();
    clock.tick(60_000);
    stop();
    clock.tick(9_999);
    expect(exits).to.deep.equal([]);
    clock.tick(1);
    expect(exits).to.deep.equal([1]);
    expect(lines.map(({ level, event }) => [level, event])).to.deep.equal([['error', 'server.stop-timeout']]);
  });

  it('does nothing where the server ended without a signal', () => {
    const { exits, ended, stop } = create();
    ended();
    stop();
    clock.tick(60_000);
    expect(exits).to.deep.equal([]);
  });

  it('ends a process that something left open keeps, when all else has ended', () => {
    const { exits, ended, stop } = create();
    stop();
    ended();
    clock.tick(10_000);
    expect(exits).to.deep.equal([1]);
  });
});
