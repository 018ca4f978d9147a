import { expect } from 'chai';
import sinon from 'sinon';
import type { Cli } from '../../../src/cli/cli.js';
import type { ServerSettings } from '../../../src/cli/settings/options-from-env.js';
import { stopPatience } from '../../../src/cli/server/last-deadline.js';
import { runServer } from '../../../src/cli/server/run-server.js';
import { rejection } from '../../fluentmeet/test-instance.js';
import { createIo } from '../run-cli.js';

describe('runServer', () => {
  afterEach(() => sinon.restore());

  it('lets the process go at once where it failed while a signal came', async () => {
    const { io } = createIo();
    const controller = new AbortController();
    const cli = { io, interruption: () => controller.signal } as unknown as Cli;
    const setTimeout = sinon.spy(globalThis, 'setTimeout');
    const failed = runServer(cli, { logLevel: 'silent' } as ServerSettings, 'relay', async () => {
      controller.abort();
      throw new Error('the port is taken');
    });
    expect((await rejection(failed)).message).to.equal('the port is taken');
    const deadline = setTimeout.getCalls().find(({ args }) => args[1] === stopPatience)?.returnValue;
    expect(deadline?.hasRef()).to.equal(false);
    clearTimeout(deadline);
  });
});
