import type { FaultDetail } from '../../faults.js';
import { html, type Html } from '../../html.js';
import { readableEmailAddress } from '../../readable-email-address.js';
import { canonicalLanguageTag } from '../../users/language.js';
import type { User } from '../../users/user.js';
import { sayFault } from '../../words/fault-key.js';
import { say } from '../../words/say.js';
import type { Words } from '../../words/words.js';
import { fieldsWith, nameField, newPasswordInput, termsTick } from './account-fields.js';
import { languageOptions, languageTags } from './language-options.js';
import { ownPath, type Page, type Setting } from './page.js';
import { notMe } from './verification-pages.js';

/** What came of the last try: faults, a host's own words on the new password, or that a password has to be typed once more. */
export type ProofProblem =
  'wrong-password' | 'no-password' | 'type-again' | readonly FaultDetail[] | { refused: string };

export interface ProofForm {
  /** Those to choose from; undefined for all. */
  languages: readonly string[] | undefined;
  /** What was typed beside a new password, the empty name too: it stands in the place of what is stored. */
  typed?: Readonly<Record<string, string>> | undefined;
  problem?: ProofProblem | undefined;
}

type ProofField =
  'password' | 'new_password' | 'full_name' | 'speaking_language' | 'listening_language' | 'accepted_terms';

/** As they stand on the page. */
const fieldOrder = Object.keys({
  password: true,
  new_password: true,
  full_name: true,
  speaking_language: true,
  listening_language: true,
  accepted_terms: true,
} satisfies Record<ProofField, true>) as ProofField[];

/**
 * The confirm page where the link alone is not enough (`proof: 'link-and-password'`): with the password of the signup, or
 * with a new one and every stored field, to confirm or to change. No password comes back into it.
 */
export function proofPage(setting: Setting, token: string, account: User, form: ProofForm): Page {
  const { reader } = setting;
  const { words } = reader;
  const { typed, problem } = form;
  const title = say(words, 'confirm.title');
  const faults = faultsOf(words, problem);
  const faulty = fieldOrder.find((field) => faults[field]);
  const again = typeAgainIn(form, faulty !== undefined && !faults.new_password);
  const typeAgain = html`<strong>${say(words, 'confirm.password.again')}</strong>`;
  const field = fieldsWith(faults, faulty ?? again);
  const tags = languageTags(form.languages);
  const language = (
    name: 'speaking_language' | 'listening_language',
    label: string,
    stored: string,
  ): Html => {
    const chosen = canonicalLanguageTag(typed?.[name] ?? stored);
    const tag = chosen.ok ? chosen.tag : stored;
    return field(
      name,
      label,
      (attributes) =>
        html`<select ${attributes}>
          ${languageOptions(reader, tags, tag)}
        </select>`,
    );
  };
  return {
    title,
    ...(faulty ? { documentTitle: say(words, 'faults.page-title', { title }) } : {}),
    // By a form, which carries what was typed and keeps the token out of the address.
    changeLanguage: (other, name) =>
      html`<button
        form="replace"
        formaction="${ownPath({ asked: other })}"
        name="step"
        value="ask"
        formnovalidate
      >
        ${name}
      </button>`,
    content: html`<p><bdi>${readableEmailAddress(account.email)}</bdi></p>
      <form method="post" action="${ownPath(reader)}">
        ${common(token, account)}
        ${field(
          'password',
          say(words, 'signup.password'),
          (attributes) =>
            html`<input type="password" dir="auto" autocomplete="current-password" required ${attributes} />`,
          again === 'password' ? typeAgain : problem !== 'no-password' && say(words, 'confirm.password.text'),
        )}
        <p class="go">
          <button type="submit" name="step" value="do">${say(words, 'confirm.submit')}</button>
        </p>
      </form>
      <div class="aside">
        <h2>${say(words, 'confirm.password.new')}</h2>
        <p>${say(words, 'confirm.password.new.text')}</p>
        <form id="replace" method="post" action="${ownPath(reader)}">
          ${common(token, account)}
          ${field(
            'new_password',
            say(words, 'confirm.password.new.label'),
            newPasswordInput,
            html`${again === 'new_password' ? typeAgain : ''} ${say(words, 'signup.password.hint')}`,
          )}
          ${nameField(words, field, typed ? (typed['full_name'] ?? '') : (account.full_name ?? ''))}
          ${
            tags.length === 1
              ? ''
              : html`${language('speaking_language', say(words, 'signup.speaking'), account.speaking_language)}
                ${language('listening_language', say(words, 'signup.listening'), account.listening_language)}`
          }
          ${termsTick(setting, {
            // Never as it is stored: a stranger may have ticked it.
            ticked: typed?.['accepted_terms'] !== undefined,
            fault: faults.accepted_terms,
            focus: faulty === 'accepted_terms',
          })}
          <p class="go">
            <button type="submit" class="second" name="step" value="do">
              ${say(words, 'confirm.submit')}
            </button>
          </p>
        </form>
      </div>
      ${notMe(setting, token)}`,
  };
}

/** The password that was typed, and is nothing that was wrong. */
function typeAgainIn({ typed, problem }: ProofForm, onlyElsewhere: boolean): ProofField | undefined {
  if (typed) return problem === 'type-again' || onlyElsewhere ? 'new_password' : undefined;
  return problem === 'type-again' ? 'password' : undefined;
}

function faultsOf(words: Words, problem: ProofProblem | undefined): Partial<Record<ProofField, Html>> {
  if (problem === undefined || problem === 'type-again') return {};
  if (problem === 'wrong-password') return { password: html`${say(words, 'confirm.password.wrong')}` };
  if (problem === 'no-password') return { password: html`${say(words, 'confirm.password.text')}` };
  if ('refused' in problem) return { new_password: html`${problem.refused}` };
  const faults: Partial<Record<ProofField, Html>> = {};
  for (const { field, code } of problem) faults[field as ProofField] ??= html`${sayFault(words, code)}`;
  return faults;
}

/** The address, for what remembers passwords, is not sent. */
function common(token: string, { email }: User): Html {
  return html`<input type="hidden" name="token" value="${token}" />
    <input type="hidden" name="action" value="verify" />
    <input type="text" autocomplete="username" value="${readableEmailAddress(email)}" readonly hidden />`;
}
