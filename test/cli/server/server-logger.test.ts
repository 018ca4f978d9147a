import { expect } from 'chai';
import { createServerLogger } from '../../../src/cli/server/server-logger.js';
import { createIo } from '../run-cli.js';

describe('createServerLogger', () => {
  const linesOf = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);

  it('writes one JSON line an event, in pino’s form', () => {
    const { io, stderr } = createIo();
    createServerLogger(io, 'info').warn(
      { event: 'relay.away', note: 'two\nlines\u2028and\u009b31m' },
      'Paused',
    );
    const [line, ...more] = linesOf(stderr.text);
    expect(more).to.deep.equal([]);
    expect(line).to.include({ level: 'warn', event: 'relay.away', msg: 'Paused' });
    expect(line)
      .to.have.property('time')
      .that.matches(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(stderr.text).not.to.match(/[\u0080-\u009f\u2028]/);
  });

  it('leaves out what is below its level, and everything when silent', () => {
    const { io, stderr } = createIo();
    const log = createServerLogger(io, 'warn');
    log.debug({ event: 'a' }, 'a');
    log.info({ event: 'b' }, 'b');
    log.error({ event: 'c' }, 'c');
    createServerLogger(io, 'silent').error({ event: 'd' }, 'd');
    expect(linesOf(stderr.text)).to.have.lengthOf(1);
  });

  it('says what happened even where the data cannot be written down', () => {
    const { io, stderr } = createIo();
    const circular: { event: string; self?: unknown } = { event: 'host.said' };
    circular.self = circular;
    createServerLogger(io, 'info').info(circular, 'Said');
    expect(linesOf(stderr.text)[0]).to.include({ level: 'info', event: 'host.said', msg: 'Said' });
  });
});
