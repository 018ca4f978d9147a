import { ar } from './ar.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { ja } from './ja.js';
import { pt } from './pt.js';

export type WordKey = keyof typeof en;

/** Every sentence of one language. A value's place is written `{name}`. */
export type Words = Readonly<Record<WordKey, string>>;

/** A host's own: by language, the sentences that replace ours. A language we do not have is added by it. */
export type HostWords = Readonly<Record<string, Partial<Words>>>;

/** By language, in the order in which a picker shows them. A host sees by the English ones which its own language lacks. */
export const builtInWords: Readonly<Record<string, Words>> = { en, de, es, fr, pt, ar, ja };

type PlacesIn<Sentence extends string> = Sentence extends `${string}{${infer Place}}${infer Rest}`
  ? Place | PlacesIn<Rest>
  : never;

/** The names of the values that a sentence takes; every language has those of the English one. */
export type PlacesOf<Key extends WordKey> = PlacesIn<(typeof en)[Key]>;

/** What follows the key where a sentence is said: its values, or nothing. */
export type ValuesFor<Key extends WordKey, Value> = [PlacesOf<Key>] extends [never]
  ? []
  : [values: Readonly<Record<PlacesOf<Key>, Value>>];

/** The places of a sentence, in their order. */
export function placesOf(sentence: string): string[] {
  return [...sentence.matchAll(place)].map(([, name = '']) => name);
}

export const place = /\{([a-z]+)\}/g;
