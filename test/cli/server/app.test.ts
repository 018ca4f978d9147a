import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createApp } from '../../../src/cli/server/app.js';
import { createFluentMeet } from '../../../src/fluentmeet.js';
import { testOptions } from '../../fluentmeet/test-instance.js';
import { recordingLogger } from '../../http/test-host.js';

describe('createApp', () => {
  it("logs what failed with the request's id, and answers without a word of it", async () => {
    const { lines, logger } = recordingLogger();
    const fluentmeet = createFluentMeet({
      ...testOptions,
      database: 'postgres://nobody@localhost/nowhere',
      publisher: 'none',
      logger,
    });
    const fail = () => {
      throw new Error('a fault of ours');
    };
    const app = createApp({ fluentmeet, logger, trustProxy: false, beside: [fail] });
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      lines.length = 0;
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`;
      const response = await fetch(url, { headers: { 'x-request-id': 'of-the-proxy-1' } });
      expect(response.status).to.equal(500);
      expect(await response.text()).not.to.contain('fault of ours');
      expect(lines).to.have.lengthOf(1);
      expect(lines[0]).to.include({ event: 'server.failed', requestId: 'of-the-proxy-1' });
    } finally {
      server.close();
      await fluentmeet.stop();
    }
  });
});
