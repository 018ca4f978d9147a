import { setImmediate } from 'node:timers/promises';

/** Bounds one statement, whatever a host asks for at once. */
const most = 100;

/**
 * Gathers what is asked for in one turn of the event loop and does it together: planning, messages and a commit are
 * nearly all that a short statement costs, and a busy event loop has several to run a turn. Every caller gets the result
 * of the whole, or its error. The work runs in the async context of the first of them.
 */
export function perTurn<Item, Result>(
  work: (items: readonly Item[]) => Promise<Result>,
): (item: Item) => Promise<Result> {
  let gathering: { items: Item[]; result: Promise<Result> } | undefined;

  async function workAfterThisTurn(items: readonly Item[]): Promise<Result> {
    await setImmediate();
    if (gathering?.items === items) gathering = undefined;
    return work(items);
  }

  return (item) => {
    if (!gathering || gathering.items.length === most) {
      const items: Item[] = [];
      gathering = { items, result: workAfterThisTurn(items) };
    }
    gathering.items.push(item);
    return gathering.result;
  };
}
