import type { FaultCode, FaultCodeOf } from '../faults.js';
import { en } from './en.js';
import { fill } from './say.js';
import type { WordKey, Words } from './words.js';

/** Not those of programs and operators. */
type PersonsFault = Exclude<
  FaultCode,
  FaultCodeOf<
    'BODY' | 'LANGUAGES' | 'IDEMPOTENCY_KEY' | 'ACTION' | 'CONDITION' | 'NUMBER' | 'REASON' | 'NOTE'
  >
>;

/** Does not compile when a fault that a person can make has no sentence. */
const sentences = en satisfies Readonly<Record<`fault.${PersonsFault}`, string>>;

/** Which sentence says a fault to the person who made it. The few that only a program makes have one in common. */
export function faultKey(code: FaultCode): WordKey {
  const key = `fault.${code}`;
  return Object.hasOwn(sentences, key) ? (key as WordKey) : 'fault.UNKNOWN';
}

/** That sentence, in words. */
export function sayFault(words: Words, code: FaultCode): string {
  return fill(words[faultKey(code)], { terms: words.terms });
}
