/**
 * By which a log tells one reason of an outage from the next: PostgreSQL's or the error's own code, else what it says. The
 * words alone may be others at every try (the broker that was asked, say).
 */
export function failureKind(error: unknown): string {
  const { sqlState, code, message } = (error ?? {}) as Partial<
    Record<'sqlState' | 'code' | 'message', unknown>
  >;
  return String(sqlState ?? code ?? message);
}
