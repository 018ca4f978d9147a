import { html, type Html } from '../html.js';
import { place, type ValuesFor, type WordKey, type Words } from './words.js';

/** A sentence as plain text, with its values in their places. */
export function say<Key extends WordKey>(
  words: Words,
  key: Key,
  ...[values]: ValuesFor<Key, string>
): string {
  return fill(words[key], values);
}

/** What has no value stays as it is: a host's sentence may have a place that ours has not. */
export function fill(sentence: string, values: Readonly<Record<string, string>> = {}): string {
  return sentence.replace(place, (whole, name: string) => values[name] ?? whole);
}

/**
 * A sentence as markup. A value that is text is escaped and isolated (`<bdi>`), so that a name in another direction
 * leaves the sentence in order; markup, a link for example, stands as it is.
 */
export function sayHtml<Key extends WordKey>(
  words: Words,
  key: Key,
  ...[values]: ValuesFor<Key, string | Html>
): Html {
  const known = values as Readonly<Record<string, string | Html>> | undefined;
  // Splitting by a pattern with a group gives text and places in turn.
  const parts = words[key].split(place).map((part, index) => {
    if (index % 2 === 0) return html`${part}`;
    const value = known?.[part] ?? `{${part}}`;
    return typeof value === 'string' ? html`<bdi>${value}</bdi>` : value;
  });
  return html`${parts}`;
}
