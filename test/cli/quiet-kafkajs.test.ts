import { expect } from 'chai';
import vm from 'node:vm';
import { quietKafkajs } from '../../src/cli/quiet-kafkajs.js';

describe('the warnings of kafkajs', () => {
  it('are left out where they are of a timer in the past, and no others', () => {
    const heard: unknown[] = [];
    const runtime = { emitWarning: (...parameters: unknown[]) => void heard.push(parameters) };
    quietKafkajs(runtime);
    const emitFrom = (file: string, kind: string) =>
      (
        vm.runInThisContext(`(runtime, kind) => runtime.emitWarning('text', kind)`, { filename: file }) as (
          ...all: unknown[]
        ) => void
      )(runtime, kind);
    emitFrom('/app/node_modules/kafkajs/src/network/requestQueue/index.js', 'TimeoutNegativeWarning');
    expect(heard).to.deep.equal([]);
    emitFrom('/app/node_modules/kafkajs/src/index.js', 'DeprecationWarning');
    emitFrom('/app/server.js', 'TimeoutNegativeWarning');
    expect(heard).to.deep.equal([
      ['text', 'DeprecationWarning'],
      ['text', 'TimeoutNegativeWarning'],
    ]);
  });
});
