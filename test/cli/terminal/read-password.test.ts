import { expect } from 'chai';
import { Readable } from 'node:stream';
import { readPasswordFromStdin } from '../../../src/cli/terminal/read-password.js';
import { UsageError } from '../../../src/cli/cli-error.js';
import { rejection } from '../../fluentmeet/test-instance.js';
import { createIo } from '../run-cli.js';

describe('readPasswordFromStdin', () => {
  const read = (stdin: string) => readPasswordFromStdin(createIo({ stdin }).io);

  it('takes all of it but one line end', async () => {
    expect(await read(' pass word \r\n')).to.equal(' pass word ');
    expect(await read('two\n\n')).to.equal('two\n');
  });

  it('says that stdin is empty, instead of finding the password too short', async () => {
    for (const stdin of ['', '\n', '\r\n']) {
      const error = await rejection(read(stdin));
      expect(error).to.be.instanceOf(UsageError);
      expect(error.message).to.contain('stdin is empty');
    }
  });

  it('says that stdin cannot be read', async () => {
    const broken = new Readable({
      read() {
        this.destroy(Object.assign(new Error('EISDIR: illegal operation'), { code: 'EISDIR' }));
      },
    });
    const error = await rejection(readPasswordFromStdin({ ...createIo().io, stdin: broken }));
    expect(error).to.be.instanceOf(UsageError);
    expect(error.message).to.equal('stdin cannot be read (EISDIR)');
  });
});
