import {
  ChallengeRequiredError,
  InviteInvalidError,
  InviteRequiredError,
  SignUpRefusedError,
  ValidationError,
} from '../errors.js';
import { html, type Html } from '../html.js';
import { sayFault } from '../words/fault-key.js';
import { say } from '../words/say.js';
import type { WordKey } from '../words/words.js';
import { failureOf } from './page-failure.js';
import { inWords, type Setting } from './pages/page.js';
import type { SignupField, SignupForm } from './pages/signup-form.js';

export type ChallengeWords = `signup.challenge.${'required' | 'failed' | 'no-script'}`;

/** What went wrong with a signup, in words beside the fields or above them. */
export function signupProblem(
  setting: Setting,
  error: unknown,
  status: number,
  retryAfter: number,
  challengeWords: ChallengeWords,
): Pick<SignupForm, 'faults' | 'notice'> {
  const { words } = setting.reader;
  if (error instanceof ValidationError) {
    const faults: Partial<Record<SignupField, Html>> = {};
    for (const { field, code } of error.details)
      faults[field as SignupField] ??= html`${sayFault(words, code)}`;
    return { faults };
  }
  if (error instanceof InviteRequiredError || error instanceof InviteInvalidError) {
    const key = error instanceof InviteRequiredError ? 'signup.invite-required' : 'signup.invite-invalid';
    return { faults: { invite: html`${say(words, key)}` } };
  }
  const notice = (title: string, text: string) => ({ notice: { title, text: html`${text}` } });
  if (error instanceof ChallengeRequiredError) {
    return notice(say(words, 'signup.challenge'), say(words, challengeWords));
  }
  // The host's own words to this person.
  if (error instanceof SignUpRefusedError) return notice(say(words, 'faults.title'), error.message);
  if (status === 422) return notice(say(words, 'faults.title'), say(words, 'signup.changed'));
  const failure = failureOf(status);
  const title = words[`${failure}.title` satisfies WordKey];
  const text = words[`${failure}.text` satisfies WordKey];
  if (!(retryAfter > 0)) return { notice: { title, text: html`${text}` } };
  const again = say(words, 'try-again.in', { in: inWords(setting.reader, retryAfter) });
  return { notice: { title, text: html`${text} ${again}` } };
}
