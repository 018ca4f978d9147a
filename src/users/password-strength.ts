import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

export type PasswordStrengthPolicy = (password: string, context: string[]) => string | null;

/**
 * A policy that wants a zxcvbn score of `minScore` or more (1: over 10^3 guesses, 2: 10^6, 3: 10^8, 4: 10^10), as NIST
 * SP 800-63B section 5.1.1.2 asks for instead of rules of composition. `context` is what an attacker knows of the
 * person: the address and the name, which with their parts count as the commonest of words. The policy answers null,
 * or one message for the person with the library's advice, which never holds the password.
 *
 * The first call loads zxcvbn and its dictionaries (some 400 ms and 20 MB), which most hosts never need; later calls
 * cost nothing. The policy itself is synchronous: 10 ms for usual passwords, up to 200 ms for hostile ones.
 */
export async function createPasswordStrengthPolicy(minScore: 1 | 2 | 3 | 4): Promise<PasswordStrengthPolicy> {
  loading ??= loadZxcvbn();
  const zxcvbn = await loading;
  return (password, context) => {
    const { score, feedback } = zxcvbn.check(password, context.flatMap(knownWords));
    return score >= minScore ? null : weakPasswordMessage(feedback);
  };
}

let loading: Promise<ZxcvbnFactory> | undefined;

/** An instance of its own: another zxcvbn in the host keeps its options. */
async function loadZxcvbn(): Promise<ZxcvbnFactory> {
  const [core, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  return new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
    // zxcvbn's time is super-linear in the length, and multiplies with the ways to read l33t. Passwords end at 72
    // bytes; with the default of 100 readings, 72 characters full of l33t held the event loop for 900 ms.
    maxLength: 72,
    l33tMaxSubstitutions: 10,
  });
}

/**
 * The words an attacker tries first: the text, its parts, and the parts joined without separators. For
 * `ada.lovelace@example.com`: the address, `ada.lovelace`, `example.com`, each word, `adalovelace`.
 */
function knownWords(text: string): string[] {
  // Whoever fills the context may not slow the check down: no word longer than the password can match anyway.
  const known = text.slice(0, 512);
  const sides = known.split('@');
  const phrases = sides.map((side) => side.split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean));
  const joined = phrases.flatMap((words) => [words.join(''), words.toReversed().join('')]);
  const long = [known, ...sides, ...joined, ...phrases.flat()].filter((word) => Array.from(word).length > 1);
  return [...new Set(long)].slice(0, 64);
}

function weakPasswordMessage(feedback: { warning: string | null; suggestions: string[] }): string {
  const advice = [feedback.warning, ...feedback.suggestions].filter(Boolean);
  return ['This password is too easy to guess.', ...advice].join(' ');
}
