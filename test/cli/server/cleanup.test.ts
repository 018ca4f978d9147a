import { expect } from 'chai';
import { type Defer, withCleanup } from '../../../src/cli/server/cleanup.js';
import { rejection } from '../../fluentmeet/test-instance.js';

describe('withCleanup', () => {
  it('closes all that was opened, the last first, each after the other', async () => {
    const closed: string[] = [];
    const result = await withCleanup(async (defer) => {
      defer(async () => {
        await Promise.resolve();
        closed.push('first');
      });
      defer(() => void closed.push('second'));
      return 'the result';
    });
    expect([result, closed]).to.deep.equal(['the result', ['second', 'first']]);
  });

  it('closes all even where the work and a closing fail, and tells of the work', async () => {
    const closed: string[] = [];
    const failing = (defer: Defer): Promise<never> => {
      defer(() => void closed.push('first'));
      defer(() => Promise.reject(new Error('the closing')));
      return Promise.reject(new Error('the work'));
    };
    expect((await rejection(withCleanup(failing))).message).to.equal('the work');
    expect(closed).to.deep.equal(['first']);
  });

  it('tells of the first closing that failed where the work was done', async () => {
    const error = await rejection(
      withCleanup(async (defer) => {
        defer(() => Promise.reject(new Error('the later')));
        defer(() => {
          throw new Error('the earlier');
        });
      }),
    );
    expect(error.message).to.equal('the earlier');
  });
});
