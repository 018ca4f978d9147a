import type { Io } from './io.js';
import { readTexts } from './options-from-env.js';
import { type Variable, variables } from './variables.js';

/** What works and is a mistake all the same. Holds no value. */
export interface SettingWarning {
  readonly variable: string;
  readonly message: string;
  readonly advice: string;
}

/** For `doctor`, and for the log of the servers at their start. */
export function settingWarnings(io: Pick<Io, 'env' | 'cwd'>): SettingWarning[] {
  const texts = readTexts(io, []);
  const warnings: SettingWarning[] = [];
  for (const variable of ['FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_VERIFICATION_URL']) {
    if (!isPlainHttp(texts[variable]?.trim() ?? '')) continue;
    const message =
      'is http:// for a host that is not this machine: links and passwords are readable on their way';
    warnings.push({ variable, message, advice: 'Use https://.' });
  }
  if (isEasyToGuess(texts['FLUENTMEET_SECRET']?.trim() ?? '')) {
    const message = 'is easy to guess: whoever has it can verify any address';
    warnings.push({ variable: 'FLUENTMEET_SECRET', message, advice: 'Make one: openssl rand -hex 32' });
  }
  for (const variable of Object.keys(texts)) {
    const meant = texts[variable] ? meantBy(variable) : undefined;
    if (meant === undefined) continue;
    const advice = meant ? `Did you mean ${meant}?` : 'See docs/cli.md for those that there are.';
    warnings.push({ variable, message: 'is no variable of ours, and is not looked at', advice });
  }
  return warnings;
}

function isPlainHttp(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])\.?$/.test(url?.hostname ?? '');
  return url?.protocol === 'http:' && !isLocal;
}

/** Few different characters, or one short piece again and again. */
function isEasyToGuess(secret: string): boolean {
  if (secret === '') return false;
  const repeats = (length: number) => secret.slice(length) === secret.slice(0, -length);
  return new Set(secret).size < 8 || Array.from({ length: 16 }, (_, index) => index + 1).some(repeats);
}

/**
 * The variable of ours that is likely meant by a name that looks like one and is none: '' where there is no likely one,
 * undefined where the name is one of ours or somebody else's.
 */
function meantBy(name: string): string | undefined {
  const names = (variables as readonly Variable[]).map((variable) => variable.name);
  if (names.includes(name)) return undefined;
  const isPrefixed = /^fluent[_-]?meet[_-]/i.test(name);
  // FLUENTMEET_PORT is PORT.
  const unprefixed = names.find((each) => bare(`FLUENTMEET_${each}`) === bare(name));
  if (unprefixed) return unprefixed;
  const distances = names
    .filter((ours) => ours.startsWith('FLUENTMEET_'))
    .map((ours) => ({ ours, distance: distanceBetween(bare(name), bare(ours)) }));
  const nearest = distances.reduce((best, one) => (one.distance < best.distance ? one : best));
  if (nearest.distance <= (isPrefixed ? 3 : 2)) return nearest.ours;
  return isPrefixed ? '' : undefined;
}

function bare(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

/** Levenshtein's. */
function distanceBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [column, wanted] of Array.from(other).entries()) {
      const replaced = (row[column] as number) + (character === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] as number) + 1, (next[column] as number) + 1));
    }
    row = next;
  }
  return row[other.length] as number;
}
