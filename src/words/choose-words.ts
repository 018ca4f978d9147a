import { match } from '@formatjs/intl-localematcher';
import { getOrMake } from '../get-or-make.js';
import { given } from '../given.js';
import { builtInWords, type HostWords, type Words } from './words.js';
import { en } from './en.js';
import { narrowTags } from './narrow-tags.js';

export interface ChosenWords {
  /** The language of the words, for `lang`. */
  language: string;
  dir: 'ltr' | 'rtl';
  words: Words;
}

/**
 * The words for a person who reads `wanted`, the best first: BCP 47 tags, of which those that are none are passed over.
 * Found by look-up (RFC 4647 section 3.4: `fr-CA` is French), and where that finds nothing by CLDR's distance between
 * languages (`gsw` is German, `zh-TW` a host's `zh-Hant`); else English. A sentence that a host's language lacks is said
 * in ours that is nearest, at last in English.
 */
export function chooseWords(wanted: string | readonly string[], hostWords: HostWords = {}): ChosenWords {
  const language = nearest(typeof wanted === 'string' ? [wanted] : wanted, languagesOf(hostWords));
  const own = builtInWords[language] ?? builtInWords[nearest([language], Object.keys(builtInWords))] ?? en;
  return {
    language,
    dir: knownDirectionOf(language),
    words: { ...own, ...given(hostWords[language]) },
  };
}

/** Every language there are words in: ours, then a host's. */
export function languagesOf(hostWords: HostWords = {}): string[] {
  return [...new Set([...Object.keys(builtInWords), ...Object.keys(hostWords)])];
}

function nearest(wanted: readonly string[], available: readonly string[]): string {
  const near = narrowTags(wanted, available).filter((tag) => isNear(tag, available));
  const asked = near.slice(0, mostAsked);
  const question = `${asked.join()} ${available.join()}`;
  const known = answers.get(question);
  if (known !== undefined) return known;
  const answer = match(asked, available, 'en');
  if (question.length <= 200 && answers.size < 1000) answers.set(question, answer);
  return answer;
}

/** Of languages that there are words in or near: whoever asks for more gets one of these. */
const mostAsked = 5;

/** The look-up takes longer than all else of a mail. What people ask for beyond this many is looked up each time. */
const answers = new Map<string, string>();

/** There are as many as narrowed tags. */
const nearness = new Map<string, boolean>();

function isNear(tag: string, available: readonly string[]): boolean {
  return getOrMake(nearness, `${tag} ${available.join()}`, () => match([tag], available, '') !== '');
}

/** There are as many as languages of words. */
const directions = new Map<string, 'ltr' | 'rtl'>();

function knownDirectionOf(language: string): 'ltr' | 'rtl' {
  const direction = directions.get(language) ?? directionOf(language);
  directions.set(language, direction);
  return direction;
}

/** By the script that the language is written in: `fa` and `ckb` go from right to left as `ar` does, `az-Latn` does not. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  const { script = '' } = new Intl.Locale(language).maximize();
  return rightToLeft.has(script) ? 'rtl' : 'ltr';
}

const rightToLeft = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa', 'Yezi']);
