import type { Io } from '../terminal/io.js';
import { meantVariable } from './meant-variable.js';
import { readTexts } from './options-from-env.js';

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
  if (
    texts['FLUENTMEET_DUPLICATES']?.trim() === 'conceal' &&
    texts['FLUENTMEET_PROOF']?.trim() !== 'link-and-password'
  ) {
    const message =
      'is conceal: an owner whom a stranger signed up first is not told so, and confirms the password of the stranger';
    const advice = 'Set FLUENTMEET_PROOF=link-and-password.';
    warnings.push({ variable: 'FLUENTMEET_DUPLICATES', message, advice });
  }
  for (const variable of Object.keys(texts)) {
    const meant = texts[variable] ? meantVariable(variable, texts) : undefined;
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
