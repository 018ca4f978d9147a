/** What a test needs and this machine does not have: on CI a failure, elsewhere a reason to skip. */
export function isRequired(variable?: string): boolean {
  const isSet = (name: string) => !['', '0', 'false'].includes(process.env[name] ?? '');
  return isSet('CI') || (variable !== undefined && isSet(variable));
}

/** Marks the test, or the whole suite when called from a hook, as skipped; the reporter prints the reason. */
export function skipFor(context: Mocha.Context, reason: string): never {
  const runnable = context.runnable() as Mocha.Runnable & { type?: string };
  const marked = (runnable.type === 'hook' ? runnable.parent! : runnable) as { skipReason?: string };
  marked.skipReason = reason;
  context.skip();
}
