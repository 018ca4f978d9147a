import { en } from './en.js';
import { placesOf, type WordKey } from './words.js';

/** What is wrong with a sentence of a host's, or null. A place that ours has not would stand there unfilled. */
export function hostSentenceFault(key: string, sentence: string): string | null {
  if (!Object.hasOwn(en, key)) return 'is no sentence of ours';
  if (sentence.trim() === '') return 'must not be empty';
  const known: readonly string[] = placesOf(en[key as WordKey]);
  const unknown = placesOf(sentence).filter((name) => !known.includes(name));
  if (unknown.length === 0) return null;
  const offered =
    known.length === 0 ? 'it has none' : `it has ${known.map((name) => `{${name}}`).join(', ')}`;
  return `has no value for ${unknown.map((name) => `{${name}}`).join(', ')}: ${offered}`;
}
