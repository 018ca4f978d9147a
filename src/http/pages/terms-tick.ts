import { html, type Html } from '../../html.js';
import { say, sayHtml } from '../../words/say.js';
import { newPageLink, type Setting } from './page.js';

export interface TermsTick {
  ticked?: boolean;
  fault?: string | Html | undefined;
  /** Takes the focus as the page comes. */
  focus?: boolean;
}

/** What accepts the host's terms, where it asks for that (`termsVersion`); else nothing. */
export function termsTick(
  { look: { brand }, reader: { words } }: Setting,
  { ticked = false, fault, focus = false }: TermsTick,
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
