import { html, type Html } from '../../html.js';
import { say } from '../../words/say.js';
import type { Words } from '../../words/words.js';
import type { Field } from './field.js';

/** What an account is made of, asked alike where one signs up and where one puts right what a stranger may have written. */

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
