import { expect } from 'chai';
import { interruptionOf } from '../../src/cli/interruption.js';
import { createIo } from './run-cli.js';

describe('an interruption', () => {
  function create() {
    const { io, exits } = createIo();
    return { exits, interruption: interruptionOf(io), send: (signal: string) => io.signals.emit(signal) };
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    it(`by ${signal} ends a command that does not take it, and lets one that does end by itself`, () => {
      const plain = create();
      plain.send(signal);
      expect(plain.exits).to.deep.equal([130]);
      const { exits, interruption, send } = create();
      const aborted = interruption.take();
      send(signal);
      expect([aborted.aborted, interruption.happened, exits]).to.deep.equal([true, true, []]);
    });
  }

  it('a second time ends at once, but for the SIGHUP that comes along with the first', () => {
    const { exits, interruption, send } = create();
    interruption.take();
    send('SIGTERM');
    send('SIGHUP');
    send('SIGHUP');
    expect(exits).to.deep.equal([]);
    send('SIGTERM');
    expect(exits).to.deep.equal([130]);
  });
});
