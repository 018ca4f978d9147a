import { html, type Html } from '../../html.js';
import { say } from '../../words/say.js';
import type { WordKey } from '../../words/words.js';
import type { Reader } from './reader.js';

/** What our script says where no answer comes, or none of ours; its button sends the form again. */
export function noAnswer({ words }: Reader): Html[] {
  return (['no-answer', 'failed'] as const).map(
    (name) =>
      html`<template id="${name}"
        ><div class="faults" role="group" aria-labelledby="faults-title" tabindex="-1">
          <h2 id="faults-title">${words[`${name}.title` satisfies WordKey]}</h2>
          <p>${words[`${name}.text` satisfies WordKey]}</p>
          <p class="go"><button type="submit">${say(words, 'try-again')}</button></p>
        </div></template
      >`,
  );
}
