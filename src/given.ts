/** What is given: a key that is set to undefined is one that is not there. */
export function given<T extends object>(values = {} as T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
