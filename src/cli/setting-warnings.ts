import { editDistance } from './edit-distance.js';
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
  if (texts['FLUENTMEET_CHALLENGE']?.trim() && isPlainHttp(texts['FLUENTMEET_PUBLIC_URL']?.trim() ?? '')) {
    const message = 'cannot be solved on an http:// page: browsers have Web Crypto over https alone';
    warnings.push({ variable: 'FLUENTMEET_CHALLENGE', message, advice: 'Use https://, or unset it.' });
  }
  if (isEasyToGuess(texts['FLUENTMEET_SECRET']?.trim() ?? '')) {
    const message = 'is easy to guess: whoever has it can verify any address';
    warnings.push({ variable: 'FLUENTMEET_SECRET', message, advice: 'Make one: openssl rand -hex 32' });
  }
  for (const variable of Object.keys(texts)) {
    const meant = texts[variable] ? (meantBy(variable) ?? meantUnprefixed(variable, texts)) : undefined;
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
    .map((ours) => ({ ours, distance: editDistance(bare(name), bare(ours)) }));
  const nearest = distances.reduce((best, one) => (one.distance < best.distance ? one : best));
  if (nearest.distance <= (isPrefixed ? 3 : 2)) return nearest.ours;
  return isPrefixed ? '' : undefined;
}

/** Those of ours that others have as well, or that are near to others' names. */
const commonplace: readonly string[] = ['PORT', 'HOST', 'LOG_LEVEL'];

/**
 * The one without our prefix that is likely meant, where it is not set: `KAFKA_BROKER`, `DATABASE_URI`. One slip, or two in a
 * long name, and never in the first letter: `EMAIL_FROM` and `KAFKA_BROKER_ID` are somebody else's.
 */
function meantUnprefixed(
  name: string,
  texts: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const names = (variables as readonly Variable[]).map((variable) => variable.name);
  if (names.includes(name)) return undefined;
  return names.find((ours) => {
    if (ours.startsWith('FLUENTMEET_') || commonplace.includes(ours) || texts[ours]?.trim()) return false;
    const [typed, wanted] = [bare(name), bare(ours)];
    return typed[0] === wanted[0] && editDistance(typed, wanted) <= (wanted.length < 15 ? 1 : 2);
  });
}

function bare(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}
