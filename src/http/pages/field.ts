import { html, type Html } from '../../html.js';

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
