import type { FaultDetail } from '../../faults.js';
import { html, type Html } from '../../html.js';
import { canonicalLanguageTag, languageChoices } from '../../users/language.js';
import type { Provable } from '../../verification/find-provable.js';
import { faultKey } from '../../words/fault-key.js';
import { fill, say } from '../../words/say.js';
import { buttonForm, ownPath, type Page, type Setting } from './page.js';

/** What was wrong with the last try. */
export type ProofProblem = 'wrong-password' | readonly FaultDetail[];

/**
 * The confirm page where the link alone is not enough (`proof: 'link-and-password'`): with the password of the signup, or
 * with a new one and every stored field, to confirm or to change.
 *
 * @param languages those to choose from; undefined for all
 */
export function proofPage(
  setting: Setting,
  token: string,
  account: Provable,
  { languages, problem }: { languages: readonly string[] | undefined; problem?: ProofProblem | undefined },
): Page {
  const { reader } = setting;
  const { words } = reader;
  const faults = Array.isArray(problem) ? (problem as readonly FaultDetail[]) : [];
  const wrong = problem === 'wrong-password' ? say(words, 'confirm.password.wrong') : undefined;
  const fault = (field: string): Html | '' => {
    const found = faults.find((one) => one.field === field);
    return found ? faultLine(`${field}-fault`, fill(words[faultKey(found.code)])) : '';
  };
  const select = (field: 'speaking_language' | 'listening_language', label: string, value: string): Html =>
    html`<label for="${field}">${label}</label>
      <select id="${field}" name="${field}">
        ${choicesOf(languages, value, reader.language).map(
          ([tag, name]) =>
            html`<option value="${tag}" ${tag === value ? html`selected` : ''}>${name}</option>`,
        )}
      </select>
      ${fault(field)}`;
  return {
    title: say(words, 'confirm.title'),
    content: html`<p>${say(words, 'confirm.password.text')}</p>
      <form method="post" action="${ownPath(reader)}">
        ${hidden({ token, action: 'verify', step: 'do' })}
        <label for="password">${say(words, 'signup.password')}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          ${wrong === undefined ? '' : html`aria-invalid="true" aria-describedby="password-fault"`}
        />
        ${wrong === undefined ? '' : faultLine('password-fault', wrong)}
        <p class="go"><button type="submit">${say(words, 'confirm.submit')}</button></p>
      </form>
      <div class="aside">
        <h2>${say(words, 'confirm.password.new')}</h2>
        <p>${say(words, 'confirm.password.new.text')}</p>
        <form method="post" action="${ownPath(reader)}">
          ${hidden({ token, action: 'verify', step: 'do' })}
          <label for="new_password">${say(words, 'confirm.password.new')}</label>
          <input
            id="new_password"
            name="new_password"
            type="password"
            autocomplete="new-password"
            aria-describedby="new_password-hint new_password-fault"
            required
          />
          <p id="new_password-hint" class="hint">${say(words, 'signup.password.hint')}</p>
          ${fault('new_password')}
          <label for="full_name">${say(words, 'signup.name')}</label>
          <input
            id="full_name"
            name="full_name"
            dir="auto"
            autocomplete="name"
            value="${account.fullName ?? ''}"
          />
          ${fault('full_name')}
          ${select('speaking_language', say(words, 'signup.speaking'), account.speakingLanguage)}
          ${select('listening_language', say(words, 'signup.listening'), account.listeningLanguage)}
          <p class="go"><button type="submit" class="second">${say(words, 'confirm.submit')}</button></p>
        </form>
      </div>
      <div class="aside">
        <p>${say(words, 'confirm.not-me.text')}</p>
        ${buttonForm(setting, { token, action: 'remove', step: 'ask' }, say(words, 'confirm.not-me'), 'second')}
      </div>`,
  };
}

function faultLine(id: string, text: string): Html {
  return html`<p class="fault" id="${id}" role="alert">${text}</p>`;
}

function hidden(fields: Readonly<Record<string, string>>): Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
}

/** By name in the reader's language; what is stored is always among them. */
function choicesOf(
  languages: readonly string[] | undefined,
  stored: string,
  reader: string,
): [tag: string, name: string][] {
  const tags = new Set([stored, ...(languages ?? languageChoices().map(({ tag }) => tag))]);
  const names = new Intl.DisplayNames(reader, { type: 'language' });
  return [...tags]
    .filter((tag) => canonicalLanguageTag(tag).ok)
    .map((tag): [string, string] => [tag, names.of(tag) ?? tag])
    .toSorted(([, one], [, other]) => one.localeCompare(other, reader));
}
