import { shellWord } from './shell-word.js';

/**
 * The commands that a sentence names, as they are to be typed where this one was given `--config`: without it they would look
 * at another database, or at none. The variable FLUENTMEET_CONFIG goes without saying.
 */
export function withConfig(text: string, config: string | undefined): string {
  if (config === undefined) return text;
  // Not the schema of FLUENTMEET_DATABASE_SCHEMA=fluentmeet.
  return text.replace(/(?<!=)\bfluentmeet (?=[a-z])/g, () => `fluentmeet --config ${shellWord(config)} `);
}
