import { expect } from 'chai';
import { inTurn } from '../src/in-turn.js';

describe('inTurn', () => {
  it('begins one after another, in the order in which they came', async () => {
    const said: string[] = [];
    const turns = new Map<string, Promise<unknown>>();
    const work = (name: string) =>
      inTurn(turns, 'here', async () => {
        said.push(`${name} begins`);
        await Promise.resolve();
        said.push(`${name} ends`);
        return name;
      });
    expect(await Promise.all([work('a'), work('b')])).to.deep.equal(['a', 'b']);
    expect(said).to.deep.equal(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('goes on after one that failed, and tells only who asked for that', async () => {
    const turns = new Map<string, Promise<unknown>>();
    const [first, second] = await Promise.allSettled([
      inTurn(turns, 'here', () => Promise.reject(new Error('no'))),
      inTurn(turns, 'here', async () => 'yes'),
    ]);
    expect(first.status).to.equal('rejected');
    expect(second).to.deep.equal({ status: 'fulfilled', value: 'yes' });
  });

  it('waits for nobody at another place, and keeps nothing of what is over', async () => {
    const turns = new Map<string, Promise<unknown>>();
    let end = (): void => undefined;
    const other = inTurn(turns, 'there', () => new Promise<void>((resolve) => (end = resolve)));
    expect(await inTurn(turns, 'here', async () => 'done')).to.equal('done');
    expect([...turns.keys()]).to.deep.equal(['there']);
    end();
    await other;
    expect(turns.size).to.equal(0);
  });
});
