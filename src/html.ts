import { getOrMake } from './get-or-make.js';

/** Markup that is safe to send as it is. Made by `html` alone. */
export class Html {
  readonly #markup: string;
  constructor(markup: string) {
    this.#markup = markup;
  }
  toString(): string {
    return this.#markup;
  }
}

/** A template tag that escapes every value but other markup of its own making. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  let markup = '';
  for (const [index, part] of laidOut(parts).entries()) {
    markup += index < values.length ? part + render(values[index]) : part;
  }
  return new Html(markup);
}

/** How our templates are laid out is nothing for the reader; what stands in a value is. Done once a template. */
function laidOut(parts: TemplateStringsArray): readonly string[] {
  return getOrMake(templates, parts, () => parts.map((part) => part.replace(/\n\s+/g, '\n')));
}

const templates = new WeakMap<TemplateStringsArray, readonly string[]>();

function render(value: string | Html | readonly Html[] | undefined): string {
  if (value instanceof Html) return String(value);
  if (Array.isArray(value)) return value.join('');
  return escape(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
