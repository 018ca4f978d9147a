import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Transaction } from 'sequelize';
import { inTurn, withStandIn } from '../../src/database/turns.js';

const transactionOn = (connection: object, parent?: Transaction) =>
  ({ connection, parent }) as unknown as Transaction;

describe('the turns in one transaction', () => {
  let done: string[];
  let transaction: Transaction;
  beforeEach(() => {
    done = [];
    transaction = transactionOn({});
  });

  const step =
    (name: string, milliseconds = 0) =>
    async () => {
      await delay(milliseconds);
      done.push(name);
    };

  it('come one after the other, in the order of their calls, whatever becomes of those before', async () => {
    const outcomes = await Promise.allSettled([
      inTurn(transaction, step('first', 20)),
      inTurn(transaction, async () => {
        done.push('second');
        throw new Error('second');
      }),
      inTurn(transaction, step('third')),
    ]);
    expect(done).to.deep.equal(['first', 'second', 'third']);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('are those of its connection: of savepoints in it too, and of no other transaction', async () => {
    const inner = transactionOn({}, transaction);
    const other = transactionOn({});
    await Promise.all([
      inTurn(transaction, step('outer', 20)),
      inTurn(inner, step('inner')),
      inTurn(other, step('other')),
    ]);
    expect(done).to.deep.equal(['other', 'outer', 'inner']);
  });

  it('are the work’s own within it, savepoints included, and everybody else waits for its end', async () => {
    await Promise.all([
      inTurn(transaction, () =>
        withStandIn(transaction, async (own) => {
          await Promise.all([
            inTurn(own, step('one', 20)),
            inTurn(transactionOn({}, own), step('two')),
            inTurn(own, step('three')),
          ]);
        }),
      ),
      inTurn(transaction, step('else')),
    ]);
    expect(done).to.deep.equal(['one', 'two', 'three', 'else']);
  });

  it('are everybody’s again for what the work left behind', async () => {
    let left: Transaction | undefined;
    await inTurn(transaction, () =>
      withStandIn(transaction, async (own) => {
        left = own;
      }),
    );
    // As the real one does, it has what the other has.
    await Promise.all([inTurn(transaction, step('else', 20)), inTurn(left!, step('left'))]);
    expect(done).to.deep.equal(['else', 'left']);
  });
});
