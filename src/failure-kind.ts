/**
 * By which a log tells one reason of an outage from the next: PostgreSQL's or the error's own code, else its name. Words may be
 * others at every try (the broker that was asked, the number of a request).
 */
export function failureKind(error: unknown): string {
  const { sqlState, code, name } = (error ?? {}) as Partial<Record<'sqlState' | 'code' | 'name', unknown>>;
  return String(sqlState ?? code ?? name);
}
