import type { Io } from '../terminal/io.js';
import { meantVariable } from './meant-variable.js';
import { hostValue, readTexts } from './options-from-env.js';
import { type VariableName, variables } from './variables.js';

/** What works and is a mistake all the same. Holds no value. */
export interface SettingWarning {
  /** Or the option, where the host's module says it. */
  readonly variable: string;
  readonly message: string;
  readonly advice: string;
}

/** For `doctor`, and for the log of the servers at their start. */
export function settingWarnings(io: Pick<Io, 'env' | 'cwd' | 'hostOptions'>): SettingWarning[] {
  const texts = readTexts(io, []);
  const warnings: SettingWarning[] = [];
  // As the options are read: a variable counts for more than the host's module.
  const valueOf = (name: VariableName): unknown =>
    texts[name]?.trim() || hostValue(io.hostOptions ?? {}, name);
  const warn = (name: VariableName, message: string, advice: string): void => {
    const option = variables.find((one) => one.name === name)?.option;
    const variable = texts[name]?.trim() ? name : (option ?? name);
    warnings.push({ variable, message, advice });
  };
  for (const name of ['FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_VERIFICATION_URL'] as const) {
    if (!isPlainHttp(valueOf(name))) continue;
    const message =
      'is http:// for a host that is not this machine: links and passwords are readable on their way';
    warn(name, message, 'Use https://.');
  }
  const challenge = valueOf('FLUENTMEET_CHALLENGE');
  // A function of the host's may ask anything.
  if (challenge && typeof challenge !== 'function' && isPlainHttp(valueOf('FLUENTMEET_PUBLIC_URL'))) {
    const message = 'cannot be solved on an http:// page: browsers have Web Crypto over https alone';
    warn('FLUENTMEET_CHALLENGE', message, 'Use https://, or unset it.');
  }
  if (isEasyToGuess(valueOf('FLUENTMEET_SECRET'))) {
    const message = 'is easy to guess: whoever has it can verify any address';
    warn('FLUENTMEET_SECRET', message, 'Make one: openssl rand -hex 32');
  }
  if (valueOf('FLUENTMEET_DUPLICATES') === 'conceal' && valueOf('FLUENTMEET_PROOF') !== 'link-and-password') {
    const message =
      'is conceal: an owner whom a stranger signed up first is not told so, and confirms the password of the stranger';
    const advice = io.hostOptions
      ? "Set proof: 'link-and-password' in the module, or FLUENTMEET_PROOF."
      : 'Set FLUENTMEET_PROOF=link-and-password.';
    warn('FLUENTMEET_DUPLICATES', message, advice);
  }
  for (const variable of Object.keys(texts)) {
    const meant = texts[variable] ? meantVariable(variable, texts) : undefined;
    if (meant === undefined) continue;
    const advice = meant ? `Did you mean ${meant}?` : 'See docs/cli.md for those that there are.';
    warnings.push({ variable, message: 'is no variable of ours, and is not looked at', advice });
  }
  return warnings;
}

function isPlainHttp(text: unknown): boolean {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])\.?$/.test(url?.hostname ?? '');
  return url?.protocol === 'http:' && !isLocal;
}

/** Few different characters, or one short piece again and again. */
function isEasyToGuess(secret: unknown): boolean {
  if (typeof secret !== 'string' || secret === '') return false;
  const repeats = (length: number) => secret.slice(length) === secret.slice(0, -length);
  return new Set(secret).size < 8 || Array.from({ length: 16 }, (_, index) => index + 1).some(repeats);
}
