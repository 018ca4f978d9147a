import { setImmediate } from 'node:timers/promises';

/**
 * Gathers what is asked for in one turn of the event loop and does it together: planning, messages and a commit are
 * nearly all that a short statement costs, and a busy host has several to run a turn. Every caller gets the result of
 * the whole, or its error.
 */
export function perTurn<Item, Result>(
  work: (items: readonly Item[]) => Promise<Result>,
): (item: Item) => Promise<Result> {
  let gathering: { items: Item[]; result: Promise<Result> } | undefined;

  async function workAfterThisTurn(items: readonly Item[]): Promise<Result> {
    await setImmediate();
    gathering = undefined;
    return work(items);
  }

  return (item) => {
    if (!gathering) {
      const items: Item[] = [];
      gathering = { items, result: workAfterThisTurn(items) };
    }
    gathering.items.push(item);
    return gathering.result;
  };
}
