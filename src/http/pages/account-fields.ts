import { html, type Html } from '../../html.js';
import { say, sayHtml } from '../../words/say.js';
import type { Words } from '../../words/words.js';
import { newPageLink, type Setting } from './page.js';

/** What an account is made of, asked alike where one signs up and where one puts right what a stranger may have written. */

/** A control with its label, its hint, and what is wrong with it: `attributes` ties them to it. */
export type Field<Name extends string> = (
  name: Name,
  label: string | Html,
  control: (attributes: Html) => Html,
  hint?: string | Html | false,
) => Html;

/** @param focus the field that takes the focus as the page comes */
export function fieldsWith<Name extends string>(
  faults: Readonly<Partial<Record<Name, Html>>>,
  focus?: Name,
): Field<Name> {
  return (name, label, control, hint) => {
    const fault = faults[name];
    const described = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(' ');
    const attributes = html`id="${name}" name="${name}"
    ${described === '' ? '' : html`aria-describedby="${described}"`} ${fault ? html`aria-invalid="true"` : ''}
    ${name === focus ? html`autofocus` : ''}`;
    return html`<div class="field">
      <label for="${name}">${label}</label>
      ${control(attributes)}${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : ''}
      ${fault ? html`<p class="fault" id="${name}-fault">${fault}</p>` : ''}
    </div>`;
  };
}

export function newPasswordInput(attributes: Html): Html {
  return html`<input
    type="password"
    dir="auto"
    autocomplete="new-password"
    passwordrules="minlength: 8; maxlength: 1000;"
    required
    ${attributes}
  />`;
}

export function nameField(words: Words, field: Field<'full_name'>, value: string): Html {
  return field(
    'full_name',
    html`${say(words, 'signup.name')} <span>(${say(words, 'signup.optional')})</span>`,
    (attributes) => html`<input type="text" dir="auto" autocomplete="name" value="${value}" ${attributes} />`,
  );
}

/** What accepts the host's terms, where it asks for that (`termsVersion`); else nothing. @param focus as the page comes */
export function termsTick(
  { look: { brand }, reader: { words } }: Setting,
  { ticked, fault, focus = false }: { ticked: boolean; fault?: Html | undefined; focus?: boolean },
): Html {
  if (brand.termsUrl === undefined || brand.termsVersion === undefined) return html``;
  const invalid = fault ? html`aria-invalid="true" aria-describedby="accepted_terms-fault"` : '';
  return html`<div class="field">
    <label class="tick" for="accepted_terms"
      ><input
        type="checkbox"
        id="accepted_terms"
        name="accepted_terms"
        value="true"
        required
        ${ticked ? html`checked` : ''}
        ${invalid}
        ${focus ? html`autofocus` : ''}
      /><span
        >${sayHtml(words, 'signup.terms', { terms: newPageLink(brand.termsUrl, say(words, 'terms')) })}</span
      ></label
    >
    ${fault ? html`<p class="fault" id="accepted_terms-fault">${fault}</p>` : ''}
  </div>`;
}
