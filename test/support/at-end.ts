type Task = () => Promise<void>;

// On globalThis, so that there is one list even when two module loaders load this file.
const key = Symbol.for('fluentmeet.test.atEnd');
const tasks = ((globalThis as Record<symbol, unknown>)[key] ??= []) as Task[];

/** Runs the task after the last test, latest first: for what the whole run shares. */
export function atEnd(task: Task): void {
  tasks.push(task);
}

/** Runs every task, also when one fails, then throws the first failure. */
export async function runAtEnd(): Promise<void> {
  const failures: unknown[] = [];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    await task().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
