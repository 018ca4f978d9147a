import type * as Threads from 'node:worker_threads';
import { ServiceUnavailableError } from '../errors.js';
import { ownRequire } from '../own-require.js';

/** Optional peers of this package: most hosts ask for no score. */
export const strengthPackages = [
  '@zxcvbn-ts/core',
  '@zxcvbn-ts/language-common',
  '@zxcvbn-ts/language-en',
] as const;

/**
 * Null for a password that takes as many guesses as the score asks for (1: over 10^3, 2: 10^6, 3: 10^8, 4: 10^10), else a
 * sentence for the person with the library's advice, which never holds the password: a guide instead of rules of
 * composition (NIST SP 800-63B-4 section 3.1.1.2). `known` is what an attacker knows of the person, the address and the
 * name, which count with their parts as the commonest of words.
 *
 * zxcvbn works in a thread of its own, since hostile text takes it 100 ms, and sees the first 64 code points: its time
 * grows faster than the length. The first call starts the thread (some 300 ms and 80 MB).
 *
 * @throws ServiceUnavailableError where too many are waiting
 */
export async function passwordWeakness(
  minScore: 1 | 2 | 3 | 4,
  password: string,
  known: readonly string[],
): Promise<string | null> {
  if (asked.size >= mostAsked) throw new ServiceUnavailableError('hash-queue', false);
  const { score, advice } = await ask({
    password: Array.from(password.slice(0, 128)).slice(0, 64).join(''),
    known: known.flatMap(knownWords),
  });
  return score >= minScore ? null : ['This password is too easy to guess.', ...advice].join(' ');
}

interface Estimate {
  score: number;
  advice: string[];
}

/** Two seconds' worth of hostile ones. */
const mostAsked = 20;
const asked = new Map<number, { resolve(estimate: Estimate): void; reject(error: Error): void }>();
let lastId = 0;
let thread: Threads.Worker | undefined;

function ask(question: { password: string; known: string[] }): Promise<Estimate> {
  return new Promise((resolve, reject) => {
    thread ??= startThread();
    lastId += 1;
    asked.set(lastId, { resolve, reject });
    // Keeps the process alive only while it is asked.
    thread.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the rule is for windows
    thread.postMessage({ id: lastId, ...question });
  });
}

/** One that breaks is another's to replace. */
function startThread(): Threads.Worker {
  const require = ownRequire();
  // Not on import: most hosts ask for no score.
  const threads = require('node:worker_threads') as typeof Threads;
  const worker = new threads.Worker(threadCode, {
    eval: true,
    // Whatever this process was started with would be for a module, a test runner or a debugger.
    execArgv: [],
    workerData: strengthPackages.map((name) => require.resolve(name)),
  });
  worker.unref();
  worker.on('message', ({ id, ...estimate }: Estimate & { id: number }) => {
    asked.get(id)?.resolve(estimate);
    asked.delete(id);
    if (asked.size === 0) worker.unref();
  });
  worker.on('error', (error) => {
    thread = undefined;
    for (const waiting of asked.values()) waiting.reject(error);
    asked.clear();
  });
  return worker;
}

/**
 * As text, so that it runs from the sources, from `dist` and from a bundle alike. A factory of its own: another zxcvbn in
 * the host keeps its options. With the default of 100 readings of l33t a hostile text takes a second.
 */
const threadCode = `
const { parentPort, workerData } = require('node:worker_threads');
const [{ ZxcvbnFactory }, common, english] = workerData.map((path) => require(path));
const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
  translations: english.translations,
  maxLength: 128,
  l33tMaxSubstitutions: 10,
});
parentPort.on('message', ({ id, password, known }) => {
  const { score, feedback } = zxcvbn.check(password, known);
  parentPort.postMessage({ id, score, advice: [feedback.warning, ...feedback.suggestions].filter(Boolean) });
});`;

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
