import { html, type Html } from '../../html.js';
import { say, sayHtml } from '../../words/say.js';
import type { InviteFor } from '../../invites/find-usable-invite.js';
import type { ParsedSignUp } from '../../signup/signup-input.js';
import { type Field, fieldsWith, nameField, newPasswordInput, termsTick } from './account-fields.js';
import { languageOptions, languageTags, preselected } from './language-options.js';
import { link, newPageLink, ownPath, type Page, sendLanguages, type Setting } from './page.js';

/**
 * What was typed, the password apart, and the key that makes a second press the same signup. `accepted_terms` is `true` or
 * nothing.
 */
export type SignupValues = Record<keyof Omit<ParsedSignUp, 'password'> | 'key', string>;

/** Which page of the signup a form was sent from. */
export type ShownPage = 'form' | 'check' | 'taken' | 'resent';

export type SignupField = keyof ParsedSignUp;

export interface SignupForm {
  values: SignupValues;
  /** The host's languages; undefined for every one. */
  languages: readonly string[] | undefined;
  /** Whom the invite is for; undefined where none is asked for, null where there is none that can be used. */
  invite?: InviteFor | null | undefined;
  /** What is wrong beside the fields, the first of each. */
  faults?: Readonly<Partial<Record<SignupField, Html>>>;
  notice?: { title: string; text: Html };
  /** Seconds for which a solution of ALTCHA's challenge is good, where that is asked for. */
  challenge?: number | undefined;
  /** The password comes back into no page; our script keeps it where there was a field for it. */
  typeAgain?: 'without-script' | 'in-any-case' | undefined;
  /** What an answer came to, as a digest: once a field is changed it is another signup. */
  answered?: string | undefined;
}

export function formPage(setting: Setting, form: SignupForm): Page {
  const { reader } = setting;
  const { words } = reader;
  const { values, languages, faults = {} } = form;
  const title = say(words, 'signup.title');
  const fails = Object.keys(faults).length > 0 || form.notice !== undefined;
  const tags = languageTags(languages);
  const chosen = preselected(reader, tags);
  const field = fieldsWith<SignupField>(faults);
  const picker = (name: 'speaking_language' | 'listening_language', label: string): Html =>
    field(
      name,
      label,
      (attributes) =>
        html`<input
            type="search"
            hidden
            data-search="${name}"
            aria-label="${say(words, 'signup.languages.search')}: ${label}"
            placeholder="${say(words, 'signup.languages.search')}"
            autocomplete="off"
          />
          <select ${attributes}>
            ${languageOptions(reader, tags, values[name] || chosen)}
          </select>`,
    );
  return {
    title,
    ...(fails ? { documentTitle: say(words, 'faults.page-title', { title }) } : {}),
    scripted: true,
    challenged: form.challenge !== undefined,
    changeLanguage: sendLanguages('signup'),
    content: html`${summary(setting, form)}
      <form
        id="signup"
        method="post"
        action="${ownPath(reader)}"
        novalidate
        data-sending="${say(words, 'signup.sending')}"
      >
        <input type="hidden" name="key" value="${values.key}" />
        <input type="hidden" name="answered" value="${form.answered ?? ''}" />
        ${inviteField(setting, form, field)}
        ${field(
          'email',
          say(words, 'signup.email'),
          (attributes) =>
            html`<input
              type="text"
              inputmode="email"
              autocapitalize="none"
              spellcheck="false"
              dir="ltr"
              autocomplete="email"
              required
              value="${values.email}"
              ${form.invite?.email ? html`readonly` : ''}
              ${attributes}
            />`,
        )}
        ${field(
          'password',
          say(words, 'signup.password'),
          (attributes) =>
            html`<span class="secret"
              >${newPasswordInput(attributes)}<button
                type="button"
                class="second"
                hidden
                aria-pressed="false"
                data-reveal="password"
                data-shown="${say(words, 'signup.password.shown')}"
                data-hidden="${say(words, 'signup.password.hidden')}"
                data-hide="${say(words, 'signup.password.hide')}"
              >
                ${say(words, 'signup.password.show')}
              </button></span
            >`,
          html`${typeAgain(setting, form)} ${say(words, 'signup.password.hint')}`,
        )}
        ${nameField(words, field, values.full_name)}
        ${
          tags.length === 1
            ? ''
            : html`<fieldset aria-describedby="languages-hint">
                <legend>${say(words, 'signup.languages')}</legend>
                <p class="hint" id="languages-hint">${say(words, 'signup.languages.hint')}</p>
                ${picker('speaking_language', say(words, 'signup.speaking'))}
                ${picker('listening_language', say(words, 'signup.listening'))}
              </fieldset>`
        }
        ${termsTick(setting, { ticked: values.accepted_terms !== '', fault: faults.accepted_terms })}
        ${small(setting)} ${challengeOf(setting, form)}
        <p class="go">
          <button type="submit" name="action" value="signup">${say(words, 'signup.submit')}</button>
        </p>
      </form>
      ${haveAccount(setting)}
      <p class="unseen" role="status" id="live" data-none="${say(words, 'signup.languages.none')}"></p>`,
  };
}

function typeAgain({ reader: { words } }: Setting, { faults = {}, typeAgain: when }: SignupForm): Html | '' {
  if (when === undefined || faults.password) return '';
  const text = html`<strong>${say(words, 'confirm.password.again')}</strong>`;
  return when === 'in-any-case' ? text : html`<noscript>${text}</noscript>`;
}

function inviteField({ reader: { words } }: Setting, form: SignupForm, field: Field<SignupField>): Html {
  if (form.invite === undefined) return html``;
  const { email, domain } = form.invite ?? {};
  let hint: string | Html = say(words, 'signup.invite.hint');
  if (email) hint = sayHtml(words, 'signup.invite.for-email', { email });
  else if (domain) hint = sayHtml(words, 'signup.invite.for-domain', { domain });
  return field(
    'invite',
    say(words, 'signup.invite'),
    (attributes) =>
      html`<input
        type="text"
        dir="ltr"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        required
        value="${form.values.invite}"
        ${attributes}
      />`,
    hint,
  );
}

/** As they stand on the page. */
const fieldOrder = Object.keys({
  invite: true,
  email: true,
  password: true,
  full_name: true,
  speaking_language: true,
  listening_language: true,
  accepted_terms: true,
} satisfies Record<SignupField, true>) as SignupField[];

/** Takes the focus as the page comes, with script and without. */
function summary({ reader: { words } }: Setting, { faults = {}, notice }: SignupForm): Html {
  const fields = fieldOrder.flatMap((name) => (faults[name] ? [[name, faults[name]] as const] : []));
  if (fields.length === 0 && !notice) return html``;
  return html`<div
    class="faults"
    id="faults"
    role="group"
    aria-labelledby="faults-title"
    tabindex="-1"
    autofocus
  >
    <h2 id="faults-title">${notice?.title ?? say(words, 'faults.title')}</h2>
    ${notice ? html`<p>${notice.text}</p>` : ''}
    ${
      fields.length === 0
        ? ''
        : html`<ul>
            ${fields.map(([name, fault]) => html`<li><a href="#${name}">${fault}</a></li>`)}
          </ul>`
    }
  </div>`;
}

/** What is written small, where the host has any of it. */
function small({ look: { brand }, reader: { words } }: Setting): Html {
  const terms = brand.termsVersion === undefined ? brand.termsUrl : undefined;
  const lines = [
    terms && sayHtml(words, 'signup.terms.notice', { terms: newPageLink(terms, say(words, 'terms')) }),
    brand.privacyUrl &&
      sayHtml(words, 'signup.privacy', { privacy: newPageLink(brand.privacyUrl, say(words, 'privacy')) }),
  ].flatMap((line) => (line ? [html`<p class="hint">${line}</p>`] : []));
  return lines.length === 0 ? html`` : html`<div class="small">${lines}</div>`;
}

/** How far the calculation is: our script says it, in one of these words. */
function challengeOf({ look, reader: { words } }: Setting, { challenge }: SignupForm): Html {
  if (challenge === undefined) return html``;
  return html`<p
    class="hint"
    role="status"
    data-solver="${look.solverUrl}"
    data-seconds="${String(challenge)}"
    data-start="${say(words, 'signup.challenge.start')}"
    data-running="${say(words, 'signup.challenge.running')}"
    data-done="${say(words, 'signup.challenge.done')}"
    data-failed="${say(words, 'signup.challenge.failed')}"
  >
    <noscript>${say(words, 'signup.challenge.no-script')}</noscript>
  </p>`;
}

export function haveAccount({ look: { brand }, reader: { words } }: Setting): Html {
  if (brand.loginUrl === undefined) return html``;
  const login = link(brand.loginUrl, say(words, 'login'));
  return html`<p class="aside">${sayHtml(words, 'signup.have-account', { login })}</p>`;
}
