import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { requireKafka } from '../support/kafka.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('examples/all-processes', function () {
  this.timeout(180_000);

  it('ends a signup in a mailbox, in the language of the person', async function () {
    const { brokers } = await requireKafka(this);
    const script = ['--import', 'tsx', 'examples/all-processes/start.ts', '--try'];
    const env = { ...process.env, TEST_KAFKA_BROKERS: brokers.join(',') };
    const { stdout } = await promisify(execFile)(process.execPath, script, { cwd: root, env });
    expect(stdout).to.contain('signed up: 201').and.contain('山田 花子 様');
  });
});
