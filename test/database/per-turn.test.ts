import { expect } from 'chai';
import sinon from 'sinon';
import { perTurn } from '../../src/database/per-turn.js';
import { rejection } from '../fluentmeet/test-instance.js';

describe('perTurn', () => {
  const work = sinon.stub<[readonly number[]], Promise<string>>();
  const doTogether = perTurn(work);
  beforeEach(() => {
    work.reset();
    work.callsFake(async (items) => items.join());
  });

  it('does what one turn of the event loop asks for together', async () => {
    expect(await Promise.all([1, 2, 3].map(doTogether))).to.deep.equal(['1,2,3', '1,2,3', '1,2,3']);
    sinon.assert.calledOnce(work);
  });

  it('does what comes later by itself, also while the first is under way', async () => {
    let finish = (): void => undefined;
    work.onFirstCall().returns(new Promise((resolve) => (finish = () => resolve('late'))));
    const first = doTogether(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await doTogether(2)).to.equal('2');
    finish();
    expect(await first).to.equal('late');
  });

  it('does no more than a hundred at once', async () => {
    await Promise.all(Array.from({ length: 250 }, (_, index) => doTogether(index)));
    expect(work.args.map(([items]) => items.length)).to.deep.equal([100, 100, 50]);
    expect(work.args.flatMap(([items]) => items)).to.deep.equal(
      Array.from({ length: 250 }, (_, index) => index),
    );
  });

  it('fails for all of one turn, and for nobody after them', async () => {
    work.onFirstCall().rejects(new Error('away'));
    const errors = await Promise.all([1, 2].map((item) => rejection(doTogether(item))));
    expect(errors.map(({ message }) => message)).to.deep.equal(['away', 'away']);
    expect(await doTogether(3)).to.equal('3');
  });
});
