/** What a test needs and this machine does not have: on CI a failure, elsewhere a reason to skip. */
export function isRequired(variable?: string): boolean {
  const isSet = (name: string) => !['', '0', 'false'].includes(process.env[name] ?? '');
  return isSet('CI') || (variable !== undefined && isSet(variable));
}

/**
 * Skips the test, or the whole suite when called from a hook, with the reason in its title: the one thing of it that a
 * worker of mocha passes on.
 */
export function skipFor(context: Mocha.Context, reason: string): never {
  const runnable = context.runnable() as Mocha.Runnable & { type?: string };
  const skipped = runnable.type === 'hook' ? runnable.parent! : runnable;
  skipped.title += ` [skipped: ${reason}]`;
  context.skip();
}
