import { expect } from 'chai';
import sinon from 'sinon';
import { HookFailedError } from '../src/errors.js';
import { runHook } from '../src/hooks.js';
import { rejection } from './fluentmeet/test-instance.js';

describe('runHook', () => {
  afterEach(() => sinon.restore());

  it('gives a hook five seconds', async () => {
    const clock = sinon.useFakeTimers();
    const failed = rejection(runHook('onVerified', () => new Promise(() => undefined)));
    await clock.tickAsync(5_000);
    expect(await failed).to.be.instanceOf(HookFailedError);
    expect((await failed).message).to.equal(
      'The hook onVerified took longer than 5 s, and nothing was changed.',
    );
  });

  it('names the hook and keeps the cause of whatever it throws, at once or later', async () => {
    for (const thrown of [new Error('broken'), 'not even an error', undefined]) {
      const atOnce = () => {
        throw thrown;
      };
      const later = () => Promise.reject(thrown);
      for (const hook of [atOnce, later]) {
        expect(await rejection(runHook('onRemoved', hook))).to.include({ hook: 'onRemoved', cause: thrown });
      }
    }
  });
});
